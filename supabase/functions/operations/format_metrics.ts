/** Our metrics in Prometheus' text format. */
import type { Metric } from "../_shared/database.ts";

interface Description {
  type: "counter" | "gauge" | "histogram";
  help: string;
  /** The name of its one label. */
  label?: string;
}

const DESCRIPTIONS: Record<string, Description> = {
  audit_rows_total: { type: "counter", help: "Rows in the audit" },
  messages_total: { type: "counter", help: "Messages stored and sent", label: "direction" },
  turns_total: { type: "counter", help: "Turns by what became of them", label: "outcome" },
  turn_failures_total: { type: "counter", help: "Failed attempts at turns", label: "code" },
  sends_total: { type: "counter", help: "Sends by outcome", label: "outcome" },
  deliveries_total: { type: "counter", help: "Delivery statuses reported", label: "status" },
  dispatches_total: { type: "counter", help: "Rings of the orchestrator", label: "outcome" },
  webhooks_rejected_total: { type: "counter", help: "Signed webhooks nobody understood" },
  messages_recovered_total: { type: "counter", help: "Messages that no webhook brought" },
  messages_taken_over_total: { type: "counter", help: "Messages that another system sent" },
  statuses_refreshed_total: {
    type: "counter",
    help: "Delivery statuses that Twilio was asked for",
  },
  answers_total: { type: "counter", help: "Turns answered, by whom", label: "agent" },
  model_tokens_total: { type: "counter", help: "Tokens of the models", label: "direction" },
  model_cost_micros_total: {
    type: "counter",
    help: "What they cost, in millionths of the currency",
  },
  tool_calls_total: { type: "counter", help: "Tools that agents called" },
  customers_rate_limited_total: { type: "counter", help: "Messages over a customer's limit" },
  hand_overs_total: { type: "counter", help: "Hand-overs to a person", label: "by" },
  conversations_closed_total: { type: "counter", help: "Conversations closed" },
  conversations: { type: "gauge", help: "Active conversations", label: "handler" },
  waiting_for_person: { type: "gauge", help: "Conversations whose customer waits for a person" },
  turns: { type: "gauge", help: "Unfinished turns", label: "state" },
  sends: { type: "gauge", help: "Unsettled outbound messages", label: "state" },
  oldest_unanswered_seconds: { type: "gauge", help: "How long the longest waiting customer waits" },
  sync_last_reading_timestamp_seconds: {
    type: "gauge",
    help: "When Twilio's list was last read to its end, Unix time; 0 for never",
  },
  reply_latency_seconds: { type: "histogram", help: "From a message to its reply at Twilio" },
  turn_work_seconds: { type: "histogram", help: "From the claim of a turn to its answer" },
};

/** The exposition text; a metric that never happened is there with zero where it has no label. */
export function formatMetrics(metrics: Metric[]): string {
  return Object.entries(DESCRIPTIONS).flatMap(([name, { type, help, label }]) => [
    `# HELP switchboard_${name} ${help}`,
    `# TYPE switchboard_${name} ${type}`,
    ...(type === "histogram" ? histogram(metrics, name) : samples(metrics, name, label)),
  ]).join("\n") + "\n";
}

function samples(metrics: Metric[], name: string, label: string | undefined): string[] {
  const found = metrics.filter((metric) => metric.name === name);
  if (!label) return [`switchboard_${name} ${found[0]?.value ?? 0}`];
  return found.map((metric) => `switchboard_${name}{${label}="${metric.label}"} ${metric.value}`);
}

/** The database counts in milliseconds, Prometheus wants seconds; buckets are cumulative already. */
function histogram(metrics: Metric[], name: string): string[] {
  const inMs = name.replace(/_seconds$/, "_ms");
  const buckets = metrics.filter((metric) => metric.name === `${inMs}_bucket`)
    .sort((a, b) => bound(a) - bound(b));
  // A histogram is none without its last bucket, also before anything was measured.
  if (buckets.length === 0) buckets.push({ name, label: "+Inf", value: 0 });
  const sum = metrics.find((metric) => metric.name === `${inMs}_sum`)?.value ?? 0;
  return [
    ...buckets.map(({ label, value }) => `switchboard_${name}_bucket{le="${label}"} ${value}`),
    `switchboard_${name}_sum ${sum / 1000}`,
    `switchboard_${name}_count ${buckets.at(-1)?.value ?? 0}`,
  ];
}

function bound({ label }: Metric): number {
  return label === "+Inf" ? Infinity : Number(label);
}
