/** Every path that somebody's data can go on, those of failure above all. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { type PrivacyStack, type Send, UNSTORABLE } from "./privacy_stack.ts";

/** In the order in which they are gone. */
const PATHS = [
  isAnswered,
  isRefused,
  isInDoubt,
  modelFails,
  modelSaysNonsense,
  isRejected,
  isLimited,
  optsOut,
  isRefusedByDatabase,
  sendsFiles,
  cannotBeRung,
  isNotTwilio,
  isHandedOver,
];

/** Each path once, with a customer of its own; ends when nothing waits any more. */
export async function goThroughEverything(
  test: PrivacyStack,
  numbers: readonly string[],
): Promise<void> {
  const customers = numbers.map((number) => `whatsapp:${number}`);
  test.twilio.words = test.pieces.next();
  test.openai.answerWith(() => ({
    ...{ reply: test.pieces.next(), language: test.pieces.next(), confidence: 1, hand_over: false },
    ...{ intent: "other", note: test.pieces.next() },
  }));
  for (const path of PATHS) await path(test, customers.pop() ?? "");
  await comesToRest(test);
}

async function isAnswered(test: PrivacyStack, from: string) {
  const status = test.pieces.word();
  test.twilio.answer(from, (sid) => Response.json({ sid, status, from }, { status: 201 }));
  await test.write(from);
  const sid = await sent(test, from);
  for (const MessageStatus of ["delivered", test.pieces.word()]) {
    await test.report({ MessageSid: sid, MessageStatus, To: from, ErrorCode: test.pieces.next() });
  }
}

async function isRefused(test: PrivacyStack, to: string) {
  const words = test.pieces.next();
  const asCode = Number(to.replace(/\D/g, ""));
  const codes = [21211, asCode];
  test.twilio.answer(to, () => {
    const body = { code: codes.shift() ?? asCode, message: `${words} ${to}`, more_info: words };
    return Response.json(body, { status: 400 });
  });
  for (const count of [1, 2]) {
    await test.write(to);
    const isRefused = ({ send_state }: Send) => send_state === "refused";
    await test.untilSends("a refusal", to, (sends) => sends.filter(isRefused).length === count);
  }
}

async function isInDoubt(test: PrivacyStack, to: string) {
  const words = test.pieces.next();
  test.twilio.answer(to, () => new Response(`<p>${words} ${to}</p>`, { status: 500 }));
  await test.write(to);
  const [send] = await test.untilSends(
    "a send in doubt",
    to,
    ([first]) => first?.send_state === "uncertain",
  );
  await test.sql`select cc_private.sweep()`;
  const MessageSid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
  await test.report({ MessageSid, MessageStatus: test.pieces.word(), To: to }, send?.id);
}

async function modelFails(test: PrivacyStack, from: string) {
  test.openai.setFault("status:400:" + test.pieces.next().replace(/[^\w]/g, "_"));
  await test.write(from);
  await dies(test, from);
}

async function modelSaysNonsense(test: PrivacyStack, from: string) {
  test.openai.setFault("nonsense:wrong_schema");
  await test.write(from);
  await dies(test, from);
}

async function isRejected(test: PrivacyStack, from: string) {
  await test.write(from, {
    MessageSid: test.pieces.next(),
    [test.pieces.next()]: test.pieces.next(),
  });
  await test.write(from, { MessageSid: undefined, AccountSid: test.pieces.next() });
  await test.write(test.pieces.next() + ":x");
  await test.report({
    MessageSid: test.pieces.next(),
    MessageStatus: test.pieces.next(),
    To: from,
  });
}

async function isLimited(test: PrivacyStack, from: string) {
  for (const _ of [1, 2, 3, 4]) await test.write(from);
}

async function optsOut(test: PrivacyStack, from: string) {
  await test.write(from, { Body: "STOP" });
  await test.write(from);
}

async function isRefusedByDatabase(test: PrivacyStack, from: string) {
  await test.write(from, { Body: `${UNSTORABLE} ${test.pieces.next()}` });
  const [kept] = await test.sql`
    select from cc_rejected_webhooks
    where reason = 'not_storable' and parameters ->> 'From' = ${from}`;
  assert.ok(kept, "what the database refused was not kept");
}

async function sendsFiles(test: PrivacyStack, from: string) {
  const name = encodeURIComponent(test.pieces.next());
  const urls = ["lost", "astray", "odd", "fine"].map((end) =>
    `${test.twilio.url}/media/${name}/${end}`
  );
  const media = [...urls, `https://evil.test/${name}`, test.pieces.next()].flatMap((url, n) => [
    [`MediaUrl${n}`, url],
    [`MediaContentType${n}`, n === 0 ? test.pieces.next() : "text/plain"],
  ]);
  await test.write(from, Object.fromEntries(media));
  await eventually("the end of every file", async () => {
    const [waiting] = await test.sql`
      select from cc_media where state in ('waiting', 'fetching')`;
    return waiting === undefined;
  });
}

async function cannotBeRung(test: PrivacyStack, from: string) {
  const { sql } = test;
  const [{ id, url } = {}] = await sql`
    select id, decrypted_secret as url from vault.decrypted_secrets
    where name = 'orchestrator_url'`;
  await sql`select vault.update_secret(${id}, 'http://127.0.0.1:1/')`;
  await test.write(from);
  await sql`select vault.update_secret(${id}, ${url})`;
}

async function isNotTwilio(test: PrivacyStack, from: string) {
  const body = new URLSearchParams({ From: from, Body: test.pieces.next() });
  const headers = { "x-twilio-signature": test.pieces.next().replace(/[^\x21-\x7e]/g, "x") };
  const { status } = await fetch(`${test.webhookUrl}?q=${encodeURIComponent(test.pieces.next())}`, {
    ...{ method: "POST", body, headers },
  });
  assert.equal(status, 403);
}

/** By an agent that called a tool and wrote a summary; a person answers. */
async function isHandedOver(test: PrivacyStack, from: string) {
  const { sql } = test;
  await sql`update cc_settings set debounce_ms = 9000, debounce_max_ms = 60000`;
  await test.write(from);
  const [turn] = await sql<{ id: string; conversation_id: string }[]>`
    update cc_turns set due_at = now()
    where id = (select turn_id from cc_messages where from_address = ${from})
    returning id, conversation_id`;
  const { id, conversation_id: conversationId } = turn ?? assert.fail("no turn");
  await sql`select claim_turn(${conversationId})`;
  const work = { agent: "openai", summary: { text: test.pieces.next(), up_to_seq: 1 } };
  await sql`
    select finish_tool_call((begun ->> 'tool_call_id')::uuid, ${sql.json(test.pieces.next())})
    from begin_tool_call(${id}, 1, 'a_tool', ${
    sql.json({ [test.pieces.next()]: test.pieces.next() })
  }) as begun`;
  const phone = from.replace("whatsapp:", "");
  const [asked] = await sql`
    select begin_verification(${id}, 1, 'sms', ${phone}) ->> 'outcome' as outcome`;
  assert.equal(asked?.["outcome"], "asked");
  await sql`
    select complete_turn(${id}, 1, ${[test.pieces.next()]}, hand_over_reason => 'asked_for_person',
      work => ${sql.json(work)})`;
  await sql`select send_reply(gen_random_uuid(), ${conversationId}, 1, ${[test.pieces.next()]})`;
  await sql`select hand_back(${conversationId})`;
  const kept = await sql`
    select from cc_tool_calls as call join cc_conversations as conversation on summary is not null
    where call.turn_id = ${id} and conversation.id = ${conversationId} and result is not null`;
  assert.equal(kept.length, 1, "what the agent kept");
  await sql`update cc_settings set debounce_ms = 0`;
}

async function sent(test: PrivacyStack, to: string): Promise<string> {
  const [sent] = await test.untilSends(
    "a reply",
    to,
    ([first]) => first?.send_state === "handed_over",
  );
  return sent?.provider_message_id ?? "";
}

async function dies(test: PrivacyStack, from: string) {
  await eventually("a dead turn", async () => {
    const [dead] = await test.sql`
      select from cc_turns as turn join cc_messages as message on message.turn_id = turn.id
      where message.from_address = ${from} and turn.state = 'dead'`;
    return dead !== undefined;
  });
}

/** Waits until nothing is due, and the sweep has seen every answer of pg_net. */
async function comesToRest(test: PrivacyStack) {
  const { sql } = test;
  let left: unknown;
  // Every alert was raised at least once by then; raised anew each time, there would be no rest.
  await sql`select cc_private.sweep()`;
  await sql`update cc_settings set alert_cooldown_minutes = 60`;
  await eventually("an end of all work", async () => {
    await sql`select cc_private.sweep()`;
    const [counts] = await sql`
      select
        (select count(*) from cc_turns where state in ('pending', 'running', 'retrying')) as turns,
        (select count(*) from cc_messages
          where send_state in ('ready', 'sending', 'uncertain')) as sends,
        (select count(*) from net.http_request_queue) as queued,
        (select count(*) from net._http_response) as answers`;
    left = counts;
    return Object.values(counts ?? {}).every((count) => Number(count) === 0);
  }, 60_000).catch((error) => {
    throw new Error(`${error}: ${JSON.stringify(left)}`);
  });
  await sql`update cc_settings set alert_cooldown_minutes = 0`;
}
