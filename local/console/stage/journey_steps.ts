/**
 * One message as a timeline: what Twilio's and the model's simulators saw, and what the database
 * recorded, with its time. Nothing is made up: a step without a record has no time.
 */
import type { ReceivedRequest } from "../../openai_simulator/simulated_model.ts";
import type { Message } from "../../twilio_simulator/message.ts";
import type { AuditEvent, JourneyRecord, ListedMessage } from "../record_types.ts";
import { spoken } from "../words.ts";
import { EXPECTED, expected, isExpected, type Step, STEP_OF_EVENT } from "./expected_steps.ts";
import type { StatusChange, WebhookCall } from "./observations.ts";

export interface Seen {
  message: Message;
  calls: readonly WebhookCall[];
  /** What the table and the audit say; undefined while the message is in no table. */
  record: JourneyRecord | undefined;
  /** The statuses of each reply that Twilio has, by its MessageSid. */
  changesOf: (sid: string) => readonly StatusChange[];
  modelRequests: readonly ReceivedRequest[];
}

/**
 * The expected steps in their order, each with its time once it has happened, so that none changes its
 * place while a message travels; between them what else happened, by the clock.
 */
export function journeySteps(seen: Seen): Step[] {
  const happened = [
    received(seen),
    ...seen.calls.map(webhookAnswer),
    ...turnOpened(seen),
    ...modelAsked(seen),
    ...eventSteps(seen),
    ...deliveries(seen),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const steps = [...expectedSteps(seen, happened)];
  for (const other of happened.filter(({ key }) => !isExpected(key))) {
    const before = steps.findLastIndex(({ at }) => at && at <= other.at);
    steps.splice(before + 1, 0, other);
  }
  return steps;
}

function expectedSteps({ record }: Seen, happened: Happened[]): Step[] {
  const byKey = new Map<string, Step>(happened.map((step) => [step.key, step]));
  const isOver = ["silent", "replayed"].includes(record?.turn?.state ?? "");
  return EXPECTED.flatMap((step) => {
    const seen = byKey.get(step.key);
    if (seen) return [seen];
    // Only of what this console sent is the webhook's answer ever known.
    return isOver || step.key === "answer-0" ? [] : [{ ...step, rows: [] }];
  });
}

type Happened = Step & { at: Date };

function received({ message }: Seen): Happened {
  const parameters = JSON.stringify(Object.fromEntries(message.parameters ?? []));
  return {
    ...expected("received"),
    at: message.dateCreated,
    detail: message.sid,
    rows: [{ name: "Webhook parameters", row: parameters }],
  };
}

function webhookAnswer({ startedAt, result }: WebhookCall, index: number): Happened {
  const response = result?.response;
  const at = new Date(startedAt.getTime() + (response?.ms ?? 0));
  const status = response ? `${response.status}` : result?.error?.message ?? "no answer";
  return {
    key: `answer-${index}`,
    title: index === 0 ? "Webhook answered" : "Same webhook answered again",
    detail: response ? `${status} after ${Math.round(response.ms)} ms` : status,
    source: "webhook",
    at: response ? at : new Date(startedAt.getTime() + 1),
    isFailure: !response || response.status >= 400,
    rows: [],
  };
}

/** Recorded with the ring of the orchestrator: the turn's own time is that of its whole transaction. */
function turnOpened({ record }: Seen): Happened[] {
  if (!record?.turn) return [];
  const { createdAt, id, row } = record.turn;
  const rung = record.events.find(({ eventType, messageId }) =>
    eventType.startsWith("orchestrator_trigger") && messageId === record.message.id
  );
  const hasJoined = rung !== undefined && JSON.parse(rung.facts).turn === "joined";
  return [{
    ...expected("turn"),
    ...(hasJoined && { title: "Turn joined" }),
    at: new Date(rung?.createdAt ?? createdAt),
    detail: `turn ${id.slice(0, 8)}`,
    rows: [{ name: "cc_turns", row }],
  }];
}

/** The model's simulator knows no turn: its request is the one with the text, while the turn was held. */
function modelAsked({ message, record, modelRequests }: Seen): Happened[] {
  const claimed = record?.events.find(({ eventType }) => eventType === "turn_claimed");
  if (!claimed) return [];
  const from = new Date(claimed.createdAt).getTime() - 1;
  const until = record?.turn?.finishedAt ? new Date(record.turn.finishedAt).getTime() : Infinity;
  // The model gets the conversation as JSON within its own JSON.
  const once = JSON.stringify(message.body).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return modelRequests
    .filter(({ receivedAt }) => receivedAt.getTime() >= from && receivedAt.getTime() <= until)
    .filter(({ body }) => {
      const asked = JSON.stringify(body);
      return asked.includes(once) || asked.includes(twice);
    })
    .slice(0, 5)
    .map(({ receivedAt, body, path }, index) => ({
      ...expected("model"),
      key: index === 0 ? "model" : `model-${index}`,
      title: index === 0 ? "Model asked" : "Model asked again",
      at: receivedAt,
      detail: `${body?.["model"] ?? ""} POST ${path}`,
      rows: [],
    }));
}

function eventSteps({ record }: Seen): Happened[] {
  if (!record) return [];
  const taken = new Set<string>();
  return record.events.filter(({ eventType }) => eventType !== "delivery_status_changed")
    .map((event) => {
      const key = STEP_OF_EVENT[event.eventType];
      const isFirst = key !== undefined && !taken.has(key);
      if (key) taken.add(key);
      return eventStep(event, record, isFirst ? key : undefined);
    });
}

function eventStep(event: AuditEvent, record: JourneyRecord, key: string | undefined): Happened {
  const base = key ? expected(key) : undefined;
  const title = event.eventType === "turn_answered" && record.turn?.state === "silent"
    ? "Ended in silence"
    : base?.title ?? spoken(event.eventType);
  return {
    key: key ?? `event-${event.id}`,
    title,
    source: base?.source ?? "database",
    detail: factsOf(event),
    at: new Date(event.createdAt),
    isFailure: !event.success,
    rows: [...rowsBehind(event, record), { name: "cc_audit_logs", row: event.row }],
  };
}

function rowsBehind(
  { eventType, messageId }: AuditEvent,
  { message, turn, replies }: JourneyRecord,
) {
  const named = (each: ListedMessage) => ({ name: "cc_messages", row: each.row });
  if (eventType === "turn_claimed" && turn) return [{ name: "cc_turns", row: turn.row }];
  if (eventType === "turn_answered") return replies.map(named);
  if (messageId === message.id && eventType === "message_persisted") return [named(message)];
  return replies.filter(({ id }) => id === messageId).map(named);
}

/** The facts without the ids, which the row shows. */
function factsOf({ facts, errorCode, actorType }: AuditEvent): string {
  const known = Object.entries(JSON.parse(facts) as Record<string, unknown>)
    .filter(([name, value]) => !name.endsWith("_id") && !name.endsWith("_sid") && value !== null)
    .map(([name, value]) => `${spoken(name)} ${value}`);
  return [errorCode, ...known].filter(Boolean).join(" · ") || actorType;
}

function deliveries({ record, changesOf }: Seen): Happened[] {
  const taken = new Set<string>();
  return (record?.replies ?? []).flatMap((reply) => {
    const changes = changesOf(reply.providerMessageId ?? "");
    return changes.filter(({ status }) => !["queued", "accepted", "sent"].includes(status))
      .map(({ status, at }) => {
        const isFirst = !taken.has(status);
        taken.add(status);
        return { ...delivery(reply, status, at), key: isFirst ? status : `${status}-${reply.id}` };
      });
  });
}

function delivery(reply: ListedMessage, status: string, at: Date): Happened {
  return {
    ...expected(status),
    at,
    source: "Twilio",
    detail: `the table says ${reply.deliveryStatus ?? "nothing yet"}`,
    isFailure: status === "failed" || status === "undelivered",
    rows: [{ name: "cc_messages", row: reply.row }],
  };
}
