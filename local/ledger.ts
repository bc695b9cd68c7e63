/**
 * Twilio's side compared with the tables: what was received, stored, answered, and whether anything
 * was lost or sent twice. `GET /simulator/ledger`.
 */
import { Hono } from "hono";
import { openSession } from "./database_session.ts";
import type { Message } from "./twilio_simulator/message.ts";

export interface Ledger {
  /** Inbound messages that Twilio has. */
  received: number;
  /** Those of them that the tables have. */
  stored: number;
  lost: number;
  /** Stored ones whose turn ended, with everything it had to say handed over to Twilio. */
  answered: number;
  unanswered: number;
  /** Outbound messages that Twilio was asked for. */
  replies: number;
  /** Those of them that repeat a message of ours. */
  doubled: number;
}

/** The MessageSids behind what should be zero. */
export type LedgerDetails = Record<"lost" | "unanswered" | "doubled", string[]>;

interface Inbound {
  sid: string;
  is_answered: boolean;
}

interface Outbound {
  sid: string;
  to_address: string;
  body_text: string;
}

/** One route, on Twilio's messages, oldest first, and the database of `databaseUrl`, read as a superuser. */
export function ledgerRoutes(messages: () => Message[], databaseUrl: string): Hono {
  const app = new Hono().basePath("/simulator/ledger");
  app.get("/", async (context) => {
    const { details, ...counts } = await readLedger(messages, databaseUrl);
    return context.json(context.req.query("details") ? { ...counts, details } : counts);
  });
  app.onError((error, context) => {
    return context.json({ error: `Cannot read the database: ${error.message}` }, 503);
  });
  return app;
}

/** Compares the two sides as they are now. Throws when the database is away. */
export async function readLedger(
  messages: () => Message[],
  databaseUrl: string,
): Promise<Ledger & { details: LedgerDetails }> {
  // Twilio's side first: what it gets while the tables are read is not missing there.
  const all = messages();
  const { inbound, outbound } = await readTables(databaseUrl);
  const received = all.filter(({ direction }) => direction === "inbound").map(({ sid }) => sid);
  const replies = all.filter(({ direction }) => direction === "outbound-api");
  const isAnswered = new Map(inbound.map((row) => [row.sid, row.is_answered]));
  const lost = received.filter((sid) => !isAnswered.has(sid));
  const unanswered = received.filter((sid) => isAnswered.get(sid) === false);
  const doubled = repeated(replies, outbound);
  const stored = received.length - lost.length;
  return {
    ...{ received: received.length, stored, lost: lost.length },
    ...{ answered: stored - unanswered.length, unanswered: unanswered.length },
    ...{ replies: replies.length, doubled: doubled.length },
    details: { lost, unanswered, doubled },
  };
}

/** Our own message id is in the callback; without one, only the text tells. */
function repeated(replies: Message[], outbound: Outbound[]): string[] {
  const known = new Set(outbound.map(({ sid }) => sid));
  const said = new Set(outbound.map((row) => textKey(row.to_address, row.body_text)));
  const seen = new Set<string>();
  return replies.filter(({ sid, to, body, statusCallback }) => {
    const id = URL.parse(statusCallback ?? "")?.searchParams.get("message_id");
    if (!id) return !known.has(sid) && said.has(textKey(to, body));
    const isRepeated = seen.has(id);
    seen.add(id);
    return isRepeated;
  }).map(({ sid }) => sid);
}

function textKey(address: string, text: string): string {
  return JSON.stringify([address, text.trim()]);
}

async function readTables(databaseUrl: string) {
  const session = await openSession(databaseUrl, { applicationName: "ledger" });
  try {
    await session.run((sql) => sql`set statement_timeout = '5s'`);
    await session.run((sql) => sql`begin isolation level repeatable read read only`);
    const inbound = await session.run((sql) => sql.unsafe<Inbound[]>(INBOUND));
    const outbound = await session.run((sql) => sql.unsafe<Outbound[]>(OUTBOUND));
    return { inbound, outbound };
  } finally {
    await session.end();
  }
}

/** A turn that died twice apologised once: the fallback is then another turn's. */
const INBOUND = `
  select
    message.provider_message_id as sid,
    case turn.state
      when 'answered' then coalesce((
        select bool_and(reply.send_state = 'handed_over')
        from public.cc_messages as reply
        where reply.turn_id = turn.id and reply.direction = 'outbound'
      ), false)
      when 'silent' then true
      when 'dead' then coalesce((
        select fallback.send_state = 'handed_over'
        from public.cc_messages as fallback
        where fallback.conversation_id = message.conversation_id
          and fallback.direction = 'outbound'
          and fallback.body_json ->> 'kind' = 'fallback'
          and fallback.created_at <= message.fallback_at
        order by fallback.seq desc
        limit 1
      ), false)
      else false
    end as is_answered
  from public.cc_messages as message
  join public.cc_turns as turn on turn.id = message.turn_id
  where message.direction = 'inbound' and message.provider = 'twilio'`;

const OUTBOUND = `
  select provider_message_id as sid, to_address, body_text
  from public.cc_messages
  where direction = 'outbound' and provider = 'twilio' and provider_message_id is not null`;
