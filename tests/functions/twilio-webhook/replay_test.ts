/** A captured request, sent again with its bytes split otherwise: it changes nothing. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseInboundMessage } from "../../../supabase/functions/_shared/twilio/parse_inbound_message.ts";
import {
  ACCOUNT_SID,
  BUSINESS,
  CUSTOMER,
  inboundMessage,
  messageSid,
  statusParameters,
  webhookParameters,
} from "../../support/factories.ts";
import { type FakeWebhookDeps, webhookDeps } from "../../support/fakes.ts";
import { anySplit, signedTail, type Split } from "../../support/resplit.ts";
import { post, signatureFor } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

const OTHER_SID = `SM${"f".repeat(32)}`;
/** What a customer may write so that another message can be carved out of the signed bytes. */
const BAIT = `HiFromwhatsapp:+15005550666MessageSid${OTHER_SID}ProfileNameEveTo${BUSINESS}`;

/** Everything that is stored, without the memory of signatures. */
function stored({ database: { state } }: FakeWebhookDeps) {
  const { messages, turns, customers, conversations, rejected, dispatches } = state;
  return structuredClone({ messages, turns, customers, conversations, rejected, dispatches });
}

async function sendSplit(deps: FakeWebhookDeps, { path, parameters }: Split, signature: string) {
  return await post(deps, { path, parameters, signature });
}

/** Stores a message of ours, with this id, that Twilio is just being asked to send. */
async function messageInFlight({ database, clock }: FakeWebhookDeps, id: string): Promise<void> {
  const { conversationId } = await database.ingestInboundMessage(inboundMessage(), "of another");
  clock.pass(1000);
  const turn = await database.claimTurn(conversationId);
  assert.ok(turn.outcome === "claimed");
  await database.completeTurn(turn.turnId, turn.attempt, { reply: ["Good morning!"] });
  const send = await database.claimSend(conversationId);
  assert.ok(send.outcome === "claimed");
  for (const message of database.state.messages) {
    if (message.id === send.messageId) message.id = id;
  }
}

Deno.test("POST /twilio-webhook takes another message, carved out of a stored one's bytes, for a repeat", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters({ Body: BAIT });
  const { MessageSid, NumMedia, ProfileName, SmsMessageSid, To } = parameters;
  const carved = {
    ...{ AccountSid: ACCOUNT_SID, Body: "Hi", From: "whatsapp:+15005550666" },
    ...{ MessageSid: OTHER_SID, ProfileName: "Eve" },
    To: `${BUSINESS}From${CUSTOMER}MessageSid${MessageSid}NumMedia${NumMedia}` +
      `ProfileName${ProfileName}SmsMessageSid${SmsMessageSid}To${To}`,
  };
  const signature = signatureFor(parameters);
  assert.equal(signatureFor(carved), signature, "the bytes are the same");
  const parsed = parseInboundMessage(carved, ACCOUNT_SID);
  assert.equal(parsed.ok && parsed.message.providerMessageId, OTHER_SID, "it is a whole message");

  await assertSilentTwiml(await post(deps, { parameters }));
  const before = stored(deps);
  await assertSilentTwiml(await post(deps, { parameters: carved, signature }));
  assert.deepEqual(stored(deps), before);
});

Deno.test("POST /twilio-webhook takes no split of a message's bytes for anything new", async () => {
  const splits = { others: 0 };
  await fc.assert(fc.asyncProperty(
    fc.record({
      Body: fc.constantFrom("Hello", "", BAIT, `${BAIT} and more`),
      ProfileName: fc.constantFrom("Ana", "Ana To whatsapp:+1", ""),
    }).map((overrides) => webhookParameters(overrides) as Record<string, string>)
      .chain((parameters) =>
        fc.record({
          parameters: fc.constant(parameters),
          splits: fc.array(anySplit(signedTail("/twilio-webhook", parameters)), { minLength: 5 }),
        })
      ),
    async ({ parameters, splits: others }) => {
      const deps = webhookDeps();
      const signature = signatureFor(parameters);
      await assertSilentTwiml(await post(deps, { parameters }));
      const before = stored(deps);
      for (const split of others) {
        await assertSilentTwiml(await sendSplit(deps, split, signature));
        if (split.parameters["MessageSid"] === OTHER_SID) splits.others++;
      }
      assert.deepEqual(stored(deps), before);
    },
  ));
  assert.ok(splits.others > 0, `only ${splits.others} splits named another message`);
});

const statuses = fc.record({
  MessageStatus: fc.constantFrom("sent", "delivered", "undelivered", "read"),
  ErrorCode: fc.constantFrom(undefined, "63016"),
  // Nobody promises that Twilio's words hold no such thing.
  ErrorMessage: fc.constantFrom(
    ...[undefined, "no"],
    ...Array<string>(4).fill(
      `noFrom${BUSINESS}MessageSid${OTHER_SID}MessageStatusreadTo${CUSTOMER}`,
    ),
  ),
});

Deno.test("POST /twilio-webhook/status takes no split of a callback's bytes for anything new", async () => {
  const seen = { messages: 0, statuses: 0 };
  const callback = statuses.map((overrides) => statusParameters(overrides));
  const messageId = crypto.randomUUID();
  const path = `/twilio-webhook/status?message_id=${messageId}`;
  await fc.assert(fc.asyncProperty(
    callback.chain((parameters) =>
      fc.record({
        parameters: fc.constant(parameters),
        splits: fc.array(anySplit(signedTail(path, parameters)), { minLength: 5 }),
      })
    ),
    async ({ parameters, splits }) => {
      const deps = webhookDeps();
      await messageInFlight(deps, messageId);
      const signature = signatureFor(parameters, { path });
      await assertSilentTwiml(await post(deps, { path, parameters }));
      assert.equal(deps.database.state.messages.at(-1)?.sendState, "handed_over");
      const before = stored(deps);
      for (const split of splits) {
        await assertSilentTwiml(await sendSplit(deps, split, signature));
        if (split.path === "/twilio-webhook") seen.messages++;
        else if (split.parameters["MessageSid"] === OTHER_SID) seen.statuses++;
      }
      assert.deepEqual(stored(deps), before);
    },
  ));
  assert.ok(seen.messages > 0 && seen.statuses > 0, JSON.stringify(seen));
});

Deno.test("POST /twilio-webhook takes no status callback for a message, though its signature fits", async () => {
  const deps = webhookDeps();
  const path = `/twilio-webhook/status?message_id=${crypto.randomUUID()}`;
  const parameters = statusParameters();
  const signature = signatureFor(parameters, { path });
  const asMessage = { [path.slice("/twilio-webhook".length)]: "", ...parameters };
  assert.equal(signatureFor(asMessage), signature);
  await assertSilentTwiml(await post(deps, { path, parameters }));
  await assertSilentTwiml(await post(deps, { parameters: asMessage, signature }));
  assert.deepEqual(deps.database.state.messages, []);
  assert.deepEqual(deps.events.at(-1), { event: "webhook.replayed" });
});

Deno.test("POST /twilio-webhook keeps no message among the rejected once it is stored", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters();
  const { AccountSid, ...rest } = parameters;
  const signature = signatureFor(parameters);
  const asRubbish = { [`AccountSid${AccountSid}`]: "", ...rest };
  assert.equal(signatureFor(asRubbish), signature);
  await assertSilentTwiml(await post(deps, { parameters }));
  await assertSilentTwiml(await post(deps, { parameters: asRubbish, signature }));
  assert.deepEqual(deps.database.state.rejected, []);
  assert.deepEqual(deps.events.at(-1), { event: "webhook.replayed" });
});

Deno.test("POST /twilio-webhook takes a value that is written twice for a repeat: it is signed once", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters();
  const signature = signatureFor(parameters);
  await assertSilentTwiml(await post(deps, { parameters }));
  const before = stored(deps);
  const doubled = {
    ...parameters,
    MessageSid: [String(parameters["MessageSid"])].flatMap((x) => [x, x]),
  };
  await assertSilentTwiml(await post(deps, { parameters: doubled, signature }));
  assert.deepEqual(stored(deps), before);
});

Deno.test("POST /twilio-webhook answers Twilio's own retries of all kinds with 200", async () => {
  const deps = webhookDeps();
  const requests = [
    { parameters: webhookParameters() },
    { parameters: webhookParameters({ From: undefined }) },
    { parameters: statusParameters({ MessageSid: messageSid() }), path: "/twilio-webhook/status" },
  ];
  for (const request of requests) {
    await assertSilentTwiml(await post(deps, request));
    const before = stored(deps);
    await assertSilentTwiml(await post(deps, request));
    // By the fallback URL, which may be written with a slash: signed otherwise, and a repeat.
    if (request.path === undefined && request.parameters["From"]) {
      await assertSilentTwiml(await post(deps, { ...request, path: "/twilio-webhook/" }));
    }
    assert.deepEqual(stored(deps), before);
  }
});
