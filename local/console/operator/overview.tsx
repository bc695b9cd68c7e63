/** Health, alerts and metrics: how the whole stands. */
import type { Child } from "hono/jsx";
import type { Metric } from "../../../supabase/functions/_shared/database.ts";
import type { ConsoleDeps } from "../deps.ts";
import { Badge } from "../layout.tsx";
import type { Minute } from "../record_types.ts";
import { duration, shortTime, since, spoken } from "../words.ts";
import type { Operator } from "./operator.ts";
import { type Bar, BarPlot, LinePlot } from "./plot.tsx";

const MINUTES = 60;

export async function HealthPanel({ deps }: { deps: ConsoleDeps }): Promise<Child> {
  const [{ status, reasons }, alerts] = await Promise.all([
    deps.records.getHealth(),
    deps.records.listAlerts(),
  ]);
  return (
    <div id="health" class="health">
      <h2>
        Health <Badge tone={status === "ok" ? "healed" : "failed"}>{status}</Badge>
      </h2>
      <ul>
        {reasons.map(({ kind, text }) => (
          <li>
            <strong>{spoken(kind)}</strong> {text}
          </li>
        ))}
      </ul>
      <h2>Alerts</h2>
      <ul>
        {alerts.length === 0 && <li class="empty">None was ever sent.</li>}
        {alerts.map(({ kind, text, raisedAt, raisedCount }) => (
          <li id={`alert-${kind}`}>
            <strong>{spoken(kind)}</strong> {text}{" "}
            <small>{shortTime(raisedAt)}{raisedCount > 1 && `, ${raisedCount} times`}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

export async function MetricsPanel(
  { operator }: { operator: Operator },
): Promise<Child> {
  const [minutes, metrics] = await Promise.all([operator.activity(), operator.metrics()]);
  const oldest = gauge(metrics, "oldest_unanswered_seconds");
  return (
    <div id="metrics" class="metrics">
      <h2>The last hour</h2>
      <MinuteByMinute minutes={minutes} />
      <AllTogether minutes={minutes} metrics={metrics} />
      <p class="oldest">
        {oldest > 0
          ? `Somebody has waited for ${since(new Date(Date.now() - oldest * 1000))}`
          : "Nobody waits"}
      </p>
    </div>
  );
}

function MinuteByMinute({ minutes }: { minutes: readonly Minute[] }): Child {
  const hour = wholeHour(minutes);
  return (
    <>
      <LinePlot
        title="Messages per minute"
        series={[
          { name: "in", tone: "in", values: hour.map((each) => each?.inbound ?? 0) },
          { name: "out", tone: "out", values: hour.map((each) => each?.handedOver ?? 0) },
        ]}
        say={({ values }) => String(values.reduce((all, each) => all + each, 0))}
      />
      <LinePlot
        title="Waiting time"
        series={[
          { name: "p50", tone: "p50", values: hour.map((each) => each?.waitedP50Ms ?? 0) },
          { name: "p99", tone: "p99", values: hour.map((each) => each?.waitedP99Ms ?? 0) },
        ]}
        say={({ values }) => duration(values.findLast((value) => value > 0) ?? 0)}
      />
    </>
  );
}

function AllTogether(
  { minutes, metrics }: { minutes: readonly Minute[]; metrics: readonly Metric[] },
): Child {
  const sum = (of: (minute: Minute) => number) => minutes.reduce((all, each) => all + of(each), 0);
  return (
    <>
      <BarPlot
        title="Turns by state"
        bars={[
          ...["pending", "running", "retrying"].map((state): Bar => (
            { name: state, tone: "waits", value: gauge(metrics, "turns", state) }
          )),
          { name: "answered", tone: "good", value: sum(({ answered }) => answered) },
          { name: "silent", tone: "calm", value: sum(({ silent }) => silent) },
          { name: "dead", tone: "bad", value: sum(({ dead }) => dead) },
        ]}
      />
      <BarPlot
        title="Sends by outcome"
        bars={[
          { name: "handed over", tone: "good", value: sum(({ handedOver }) => handedOver) },
          { name: "uncertain", tone: "waits", value: sum(({ uncertain }) => uncertain) },
          { name: "refused", tone: "bad", value: sum(({ refused }) => refused) },
        ]}
      />
    </>
  );
}

function gauge(metrics: readonly Metric[], name: string, label = ""): number {
  return metrics.find((each) => each.name === name && each.label === label)?.value ?? 0;
}

/** Every minute of the hour, the present one last; undefined where nothing happened. */
function wholeHour(minutes: readonly Minute[]): (Minute | undefined)[] {
  const byTime = new Map(minutes.map((each) => [new Date(each.minute).getTime(), each]));
  const last = Math.floor(Date.now() / 60_000) * 60_000;
  return Array.from(
    { length: MINUTES },
    (_, index) => byTime.get(last - (MINUTES - 1 - index) * 60_000),
  );
}
