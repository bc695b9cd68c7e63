/**
 * The real thing: Postgres with the migrations, the gateway, supabase-js. Time passes by moving
 * everything that is stored into the past.
 */
import postgres from "postgres";
import { z } from "zod";
import { SECRET_KEY } from "../../local/credentials.ts";
import { startGateway } from "../../local/gateway.ts";
import { createCaller } from "../../supabase/functions/_shared/caller.ts";
import { createSupabaseDatabase } from "../../supabase/functions/_shared/supabase_database.ts";
import { createTestDatabase } from "../support/test_cluster.ts";
import type { DatabaseUnderTest, StoredConversation } from "./database_under_test.ts";

/** An empty database of its own, behind a gateway of its own. */
export async function createRealUnderTest(): Promise<DatabaseUnderTest> {
  const copy = await createTestDatabase();
  const sql = postgres(copy.url("supabase_admin"), {
    ...{ max: 1, transform: postgres.camel, types: { bigint: postgres.BigInt } },
    onnotice: () => {},
  });
  const gateway = await startGateway({ port: 0, databaseUrl: copy.url("authenticator") });
  const options = { supabaseUrl: gateway.url, supabaseKey: SECRET_KEY, timeoutMs: 10_000 };
  const call = createCaller(options);
  return {
    database: createSupabaseDatabase(options),
    async configure(settings) {
      await sql`update public.cc_settings set ${sql(settings)} where id`;
    },
    passTime: (ms) => passTime(sql, ms),
    async setHandler(id, handler) {
      await sql`update public.cc_conversations set handler = ${handler} where id = ${id}`;
    },
    handOver: (id) => outcomeOf(call("hand_over", Outcome, { conversation_id: id })),
    handBack: (id) => outcomeOf(call("hand_back", Outcome, { conversation_id: id })),
    close: (id) => outcomeOf(call("close_conversation", Outcome, { conversation_id: id })),
    sendReply: (id, { upToSeq, ...reply }) =>
      outcomeOf(
        call("send_reply", Outcome, { ...reply, conversation_id: id, up_to_seq: upToSeq }),
      ),
    async optOut(id) {
      await sql`
        update public.cc_customers set opted_out_at = now()
        where id = (select customer_id from public.cc_conversations where id = ${id})`;
    },
    setDispatch: (canDispatch) => setDispatch(sql, canDispatch),
    read: (id) => read(sql, id),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await sql.end();
      await copy.drop();
    },
  };
}

const Outcome = z.object({ outcome: z.string() });

async function outcomeOf(answer: Promise<z.infer<typeof Outcome>>): Promise<string> {
  return (await answer).outcome;
}

async function passTime(sql: postgres.Sql, ms: number): Promise<void> {
  const time = sql`${ms} * interval '1 millisecond'`;
  await sql`
    update public.cc_turns set
      created_at = created_at - ${time}, due_at = due_at - ${time},
      claimed_at = claimed_at - ${time},
      lease_until = lease_until - ${time}, finished_at = finished_at - ${time}`;
  await sql`
    update public.cc_messages set
      created_at = created_at - ${time}, send_due_at = send_due_at - ${time},
      send_lease_until = send_lease_until - ${time}, absent_since = absent_since - ${time},
      send_claimed_at = send_claimed_at - ${time}`;
  await sql`
    update public.cc_conversations set
      last_inbound_at = last_inbound_at - ${time}, created_at = created_at - ${time}`;
  await sql`
    update public.cc_customers set
      opted_out_at = opted_out_at - ${time}, opted_in_at = opted_in_at - ${time},
      remaining_messages_at = remaining_messages_at - ${time},
      rate_limit_notified_at = rate_limit_notified_at - ${time}`;
  await sql`update public.cc_rejected_webhooks set created_at = created_at - ${time}`;
}

/** Rings go to pg_net's queue, which nobody empties here. */
async function setDispatch(sql: postgres.Sql, canDispatch: boolean): Promise<void> {
  await sql`delete from vault.secrets where name like 'orchestrator_%'`;
  if (!canDispatch) return;
  await sql`select vault.create_secret('http://127.0.0.1:9/', 'orchestrator_url')`;
  await sql`select vault.create_secret('a key', 'orchestrator_key')`;
}

async function read(sql: postgres.Sql, id: string): Promise<StoredConversation> {
  const messages = await sql<StoredConversation["messages"]>`
    select seq::integer, direction, body_json ->> 'kind' as kind, body_text as text, turn_id,
      send_state, delivery_status, error_code
    from public.cc_messages where conversation_id = ${id} order by cc_messages.seq`;
  const turns = await sql<StoredConversation["turns"]>`
    select id, state, attempt, failure_count
    from public.cc_turns where conversation_id = ${id} order by created_at, state <> 'dead'`;
  const [counted] = await sql<{ rings: number }[]>`
    select count(*)::integer as rings from cc_private.dispatches where conversation_id = ${id}`;
  return { messages: [...messages], turns: [...turns], rings: counted?.rings ?? NaN };
}
