/** One real message through the whole stack, told step by step as it went. */
import postgres from "postgres";
import type { Stack } from "./stack.ts";

/** A model may think for a while, and a turn may wait for more of a burst. Milliseconds. */
const REPLY_TIMEOUT_MS = 60_000;
/** From Twilio's answer to the record of it. Milliseconds. */
const RECORD_TIMEOUT_MS = 5_000;
const CUSTOMER = "whatsapp:+5511987654321";
const TEXT = "Hello! Are you open on Saturday?";

interface Step {
  at: Date;
  what: string;
}

/** Sends the message and tells what became of it, line by line. Throws when no reply comes. */
export async function sendDemoMessage(
  { twilio, webhookUrl }: Pick<Stack, "twilio" | "webhookUrl">,
  databaseUrl: string,
  tell: (line: string) => void,
): Promise<void> {
  const before = twilio.sent(CUSTOMER).length;
  const sentAt = new Date();
  const { messageSid, response, error } = await twilio.inbound({
    ...{ from: CUSTOMER, body: TEXT, ProfileName: "Ana Souza" },
  });
  if (!response) throw new Error(`Cannot deliver to ${webhookUrl}: ${error?.message}`);
  const answeredAt = new Date(sentAt.getTime() + response.ms);
  const waited = { to: CUSTOMER, count: before + 1, timeoutMs: REPLY_TIMEOUT_MS };
  const reply = (await twilio.waitForOutbound(waited)).at(-1);

  const { rows, events } = await readRecord(databaseUrl, messageSid);
  const steps = [
    step(sentAt, "Twilio → webhook", `POST ${webhookUrl}, signed: “${TEXT}”`),
    step(answeredAt, "webhook → Twilio", `${response.status} ${oneLine(response.body)}`),
    ...events,
    step(reply?.dateCreated ?? new Date(), "Twilio → customer", `“${reply?.body}”`),
  ];
  tell("\nOne message, step by step: Twilio's requests and the audit events, by the clock");
  for (const line of timeline(steps)) tell(line);
  tell("\nWhat is stored now");
  for (const row of rows) tell(`            ${row}`);
}

function timeline(steps: Step[]): string[] {
  const inOrder = steps.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const start = inOrder[0]?.at.getTime() ?? 0;
  return inOrder.map(({ at, what }) => `${String(at.getTime() - start).padStart(7)} ms  ${what}`);
}

/** What the database has of the message: its rows, and the audit once the reply's sending is in it. */
async function readRecord(databaseUrl: string, messageSid: string) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const turn = await recordedTurn(sql, messageSid);
    return { rows: await readRows(sql, turn), events: await readEvents(sql, turn) };
  } finally {
    await sql.end();
  }
}

async function recordedTurn(sql: postgres.Sql, messageSid: string): Promise<string> {
  const deadline = Date.now() + RECORD_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const [sent] = await sql`
      select inbound.turn_id
      from cc_messages as inbound
      join cc_messages as outbound using (turn_id)
      where inbound.provider_message_id = ${messageSid} and outbound.send_state = 'handed_over'`;
    if (sent) return sent["turn_id"];
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`Cannot see the reply to ${messageSid} as sent after ${RECORD_TIMEOUT_MS} ms`);
}

async function readRows(sql: postgres.Sql, turnId: string): Promise<string[]> {
  const rows = await sql`
    select
      format('cc_conversations  %s, active since %s', conversation.id, conversation.created_at::timestamp(0)) as conversation,
      format('cc_turns          %s, %s on attempt %s', turn.id, turn.state, turn.attempt) as turn,
      format('cc_messages       %s, %s, seq %s: %s', message.id, message.direction, message.seq, message.body_text) as message
    from cc_turns as turn
    join cc_conversations as conversation on conversation.id = turn.conversation_id
    join cc_messages as message on message.turn_id = turn.id
    where turn.id = ${turnId}
    order by message.seq`;
  const texts = rows.flatMap((row) => [row["conversation"], row["turn"], row["message"]]);
  return [...new Set<string>(texts)].sort();
}

async function readEvents(sql: postgres.Sql, turnId: string): Promise<Step[]> {
  const events = await sql`
    select created_at, event_type, input_redacted || output_redacted as facts
    from cc_audit_logs
    where message_id in (select id from cc_messages where turn_id = ${turnId})
      or output_redacted ->> 'turn_id' = ${turnId}
    order by id`;
  return events.map((event) =>
    step(event["created_at"], event["event_type"], describe(event["facts"]))
  );
}

function step(at: Date, name: string, detail: string): Step {
  return { at, what: `${name.padEnd(27)}${detail}` };
}

function describe(facts: Record<string, unknown>): string {
  return Object.entries(facts).filter(([name]) => !name.endsWith("_id"))
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`).join(", ");
}

function oneLine(text: string): string {
  return text.replace(/^<\?xml[^>]*\?>/, "").replace(/\s+/g, " ");
}
