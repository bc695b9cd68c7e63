/** The timeline of a message: what happened by the clock, then what is still expected. */
import assert from "node:assert/strict";
import { journeySteps, type Seen } from "../../local/console/stage/journey_steps.ts";
import { maskedParameters } from "../../local/console/stage/masked_parameters.ts";
import type { AuditEvent, JourneyRecord } from "../../local/console/record_types.ts";
import { newMessage } from "../../local/twilio_simulator/message.ts";

const START = Date.parse("2026-01-31T12:00:00.000Z");
const after = (ms: number) => new Date(START + ms).toISOString();
const MESSAGE = "00000000-0000-4000-8000-000000000001";
const TURN = "00000000-0000-4000-8000-000000000002";

function event(id: number, eventType: string, ms: number, facts = {}): AuditEvent {
  const isOfMessage = !eventType.startsWith("turn_");
  return {
    ...{ id, eventType, createdAt: after(ms), actorType: "system", row: "{}", turnId: TURN },
    ...{ messageId: isOfMessage ? MESSAGE : null, facts: JSON.stringify(facts) },
    ...{ success: !eventType.endsWith("failed"), errorCode: null },
  };
}

function record(events: AuditEvent[]): JourneyRecord {
  const message = {
    ...{ id: MESSAGE, seq: 1, turnId: TURN, direction: "inbound", kind: "text", text: "•••" },
    ...{ sendState: null, deliveryStatus: null, errorCode: null, erasedAt: null, media: [] },
    ...{ createdAt: after(5), handedOverAt: null, providerMessageId: "SM1", row: "{}" },
  };
  const turn = {
    ...{ id: TURN, state: "running", attempt: 1, failureCount: 0, silentReason: null, row: "{}" },
    ...{ lastErrorCode: null, createdAt: after(5), finishedAt: null, dueAt: null },
  };
  return { outcome: "found", conversationId: MESSAGE, message, turn, replies: [], events };
}

function seen(given: Partial<Seen>): Seen {
  const message = newMessage({
    ...{ accountSid: "AC1", direction: "inbound", from: "whatsapp:+491", to: "whatsapp:+1" },
    ...{ body: 'He said "card"', dateCreated: new Date(START) },
  });
  return {
    message,
    calls: [],
    record: undefined,
    changesOf: () => [],
    modelRequests: [],
    ...given,
  };
}

const keys = (steps: ReturnType<typeof journeySteps>) =>
  steps.map(({ key, at }) => at ? key : `(${key})`);

Deno.test("journeySteps() expects every step of a message that is in no table yet", () => {
  const steps = keys(journeySteps(seen({})));
  assert.equal(steps[0], "received");
  assert.deepEqual(steps.slice(1), [
    ...[
      "(signature)",
      "(stored)",
      "(turn)",
      "(dispatched)",
      "(claimed)",
      "(model)",
      "(reply)",
    ],
    ...["(sent)", "(delivered)", "(read)"],
  ]);
});

Deno.test("journeySteps() leaves each expected step in its place, and puts what else happened between", () => {
  const events = [
    event(1, "inbound_webhook_received", 10),
    event(2, "message_persisted", 11),
    event(3, "orchestrator_triggered", 11, { turn: "opened" }),
    event(4, "turn_claimed", 40),
    event(5, "turn_failed", 60),
    event(6, "turn_claimed", 90),
  ];
  const steps = journeySteps(seen({ record: record(events) }));
  assert.deepEqual(keys(steps).slice(0, 9), [
    ...["received", "signature", "stored", "turn", "dispatched", "claimed"],
    ...["event-5", "event-6", "(model)"],
  ]);
  assert.equal(steps.find(({ key }) => key === "event-5")?.isFailure, true);
});

Deno.test("journeySteps() says of a message in a burst that it joined the turn", () => {
  const events = [event(1, "orchestrator_triggered", 11, { turn: "joined" })];
  const steps = journeySteps(seen({ record: record(events) }));
  assert.equal(steps.find(({ key }) => key === "turn")?.title, "Turn joined");
});

Deno.test("journeySteps() knows the model's request by its text and its time", () => {
  const said = JSON.stringify({ text: 'He said "card"' });
  const request = (ms: number, input: string) => ({
    ...{ method: "POST", path: "/v1/responses", receivedAt: new Date(START + ms) },
    body: { model: "gpt-5-mini", input },
  });
  const modelRequests = [request(20, said), request(50, "another's words"), request(55, said)];
  const steps = journeySteps(
    seen({ record: record([event(4, "turn_claimed", 40)]), modelRequests }),
  );
  const model = steps.filter(({ source, at }) => source === "model" && at);
  assert.deepEqual(model.map(({ at }) => at?.getTime()), [START + 55]);
});

Deno.test("maskedParameters() shows the form of a webhook and nothing of the customer", () => {
  const masked = maskedParameters(JSON.stringify({
    ...{ MessageSid: "SM1", From: "whatsapp:+491", Body: "secret", ProfileName: "Maria" },
    ...{ WaId: "491", NumMedia: "0", TomorrowsParameter: "secret" },
  }));
  assert.deepEqual(JSON.parse(masked), {
    ...{ MessageSid: "SM1", From: "••• (13)", Body: "••• (6)", ProfileName: "••• (5)" },
    ...{ WaId: "••• (3)", NumMedia: "0", TomorrowsParameter: "••• (6)" },
  });
});
