/** Metrics as Prometheus reads them. */
import assert from "node:assert/strict";
import type { Metric } from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { formatMetrics } from "../../../supabase/functions/operations/format_metrics.ts";
import { inboundMessage } from "../../support/factories.ts";
import { operations } from "./ask.ts";
import { parsePrometheus } from "./prometheus.ts";

const metric = (name: string, label: string, value: number): Metric => ({ name, label, value });

Deno.test("GET /operations/metrics answers in Prometheus' text format", async () => {
  const { ask, database, clock } = operations();
  await database.ingestInboundMessage(inboundMessage(), "signature");
  clock.pass(2500);
  const response = await ask("/metrics");
  assert.equal(response.status, 200);
  const type = "text/plain; version=0.0.4; charset=utf-8";
  assert.equal(response.headers.get("content-type"), type);
  const families = parsePrometheus(await response.text());
  const values = (name: string) =>
    families.get(`switchboard_${name}`)?.samples.map(({ labels, value }) => [labels, value]);
  assert.deepEqual(values("turns"), [
    [{ state: "pending" }, 1],
    [{ state: "retrying" }, 0],
    [{ state: "running" }, 0],
  ]);
  assert.deepEqual(values("oldest_unanswered_seconds"), [[{}, 2.5]]);
  assert.deepEqual(values("audit_rows_total"), [[{}, 0]]);
});

Deno.test("GET /operations/metrics answers 503 when the database is down", async () => {
  const { ask, database, events } = operations();
  database.failure = new DatabaseError("get_metrics", "unreachable", 0);
  const response = await ask("/metrics");
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { error: "database_unreachable" });
  assert.deepEqual(events, [{ event: "request.refused", code: "database_unreachable" }]);
});

Deno.test("formatMetrics() is sound before anything has happened", () => {
  const families = parsePrometheus(formatMetrics([]));
  for (const name of ["reply_latency_seconds", "turn_work_seconds"]) {
    assert.equal(families.get(`switchboard_${name}`)?.type, "histogram");
  }
  assert.ok([...families.values()].every(({ help }) => help.length > 5));
});

/** As the database gives them: by name and label in the order of their text. */
const HISTOGRAM = [
  ...[["+Inf", 5], ["0.1", 1], ["0.25", 1], ["1", 3], ["10", 5], ["2.5", 4], ["300", 5]],
].map(([label, value]) => metric("reply_latency_ms_bucket", String(label), Number(value)));

Deno.test("formatMetrics() orders a histogram's buckets and gives its sum in seconds", () => {
  const text = formatMetrics([...HISTOGRAM, metric("reply_latency_ms_sum", "", 12_345)]);
  const { samples = [] } = parsePrometheus(text).get("switchboard_reply_latency_seconds") ?? {};
  assert.deepEqual(samples.map(({ labels, value }) => [labels["le"], value]), [
    ...[["0.1", 1], ["0.25", 1], ["1", 3], ["2.5", 4], ["10", 5], ["300", 5], ["+Inf", 5]],
    ...[[undefined, 12.345], [undefined, 5]],
  ]);
});

Deno.test("formatMetrics() gives a counter one series for each label", () => {
  const text = formatMetrics([
    metric("sends_total", "handed_over", 7),
    metric("sends_total", "refused", 0),
    metric("turn_failures_total", "model_timeout", 2),
    metric("customers_rate_limited_total", "", 3),
    metric("unknown_total", "", 3),
  ]);
  const families = parsePrometheus(text);
  assert.deepEqual(families.get("switchboard_sends_total")?.samples, [
    { name: "switchboard_sends_total", labels: { outcome: "handed_over" }, value: 7 },
    { name: "switchboard_sends_total", labels: { outcome: "refused" }, value: 0 },
  ]);
  assert.deepEqual(families.get("switchboard_turn_failures_total")?.samples[0]?.labels, {
    code: "model_timeout",
  });
  assert.equal(families.get("switchboard_customers_rate_limited_total")?.samples[0]?.value, 3);
  assert.equal(families.has("switchboard_unknown_total"), false);
});

Deno.test("formatMetrics() keeps large and small numbers", () => {
  const values = [0, 1e21, 123_456_789_012, 0.000001, 1e-7];
  for (const value of values) {
    const text = formatMetrics([metric("oldest_unanswered_seconds", "", value)]);
    const families = parsePrometheus(text);
    const [sample] = families.get("switchboard_oldest_unanswered_seconds")?.samples ?? [];
    assert.equal(sample?.value, value);
  }
});
