/** A whole stack whose webhooks can be silenced, and whose sync runs when a test says so. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { BUSINESS_ADDRESS, SYNC_KEY } from "../../local/credentials.ts";
import type { Environment } from "../../local/function_environment.ts";
import type { Stack } from "../../local/stack.ts";
import type { InboundResult } from "../../local/twilio_simulator/inbound.ts";
import type { SyncResult } from "../../supabase/functions/twilio-sync/sync.ts";
import { eventually } from "./eventually.ts";
import { startTestStack, type TestStack } from "./test_stack.ts";

export class SyncStack implements AsyncDisposable {
  readonly stack: Stack;
  readonly sql: postgres.Sql;
  readonly lines: string[];
  readonly #test: TestStack;
  #customers = 0;

  private constructor(test: TestStack) {
    this.#test = test;
    this.stack = test.stack;
    this.sql = test.sql;
    this.lines = test.lines;
  }

  /** Starts a stack in which a message may be taken in as soon as it is listed. */
  static async start(settings: Environment = {}): Promise<SyncStack> {
    const test = await startTestStack(settings, { lazy: [] });
    await test.sql`
      update cc_settings
      set debounce_ms = 0, sync_min_age_seconds = 0, sync_since = now() - interval '7 days',
        customer_burst_messages = 10000
      where id`;
    return new SyncStack(test);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#test[Symbol.asyncDispose]();
  }

  newCustomer(): string {
    return `whatsapp:+55118${String(++this.#customers).padStart(8, "0")}`;
  }

  /** The customer writes, and no webhook is called; gives the MessageSid. */
  async writeUnheard(
    from: string,
    body: string,
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const written = await this.stack.twilio.inbound({ from, body, deliver: false, ...more });
    return written.messageSid;
  }

  /** Twilio calls the webhook for a message that it has, however late. */
  async deliver(MessageSid: string): Promise<InboundResult> {
    return await this.stack.twilio.inbound({ from: "", body: "", MessageSid });
  }

  /** Another system that has our account sends a message; gives its MessageSid. */
  async sendAsAnotherSystem(to: string, body: string): Promise<string> {
    const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = this.stack.environment;
    const response = await fetch(
      `${this.stack.twilio.url}/2010-04-01/Accounts/${sid}/Messages.json`,
      {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${sid}:${token}`)}` },
        body: new URLSearchParams({ From: BUSINESS_ADDRESS, To: to, Body: body }),
      },
    );
    assert.equal(response.status, 201);
    return (await response.json()).sid;
  }

  /** Reads Twilio's list by hand, from so long ago on. */
  async sync(since = "1h"): Promise<SyncResult> {
    const response = await fetch(`${this.stack.gateway.url}/functions/v1/twilio-sync`, {
      method: "POST",
      headers: { apikey: SYNC_KEY },
      body: JSON.stringify({ since }),
    });
    assert.equal(response.status, 200, this.lines.slice(-10).join("\n"));
    return await response.json();
  }

  /** Waits until so many messages have left for the customer. */
  async replies(to: string, count: number): Promise<void> {
    await this.stack.twilio.waitForOutbound({ to, count, timeoutMs: 20_000 });
  }

  /** The events of a message of Twilio's, in order. */
  async events(sid: string): Promise<string[]> {
    const rows = await this.sql`
      select entry.event_type
      from cc_audit_logs as entry
      join cc_messages as message on message.id = entry.message_id
      where message.provider_message_id = ${sid}
      order by entry.id`;
    return rows.map((row) => row["event_type"]);
  }

  /** Waits until nothing is to be sent any more, then looks at every chain of the audit. */
  async keepsItsChains(): Promise<void> {
    await eventually("everything to be settled", async () => {
      const open = await this.sql`
        select from cc_turns where state in ('pending', 'running', 'retrying')
        union all select from cc_messages where send_state in ('ready', 'sending', 'uncertain')`;
      return open.length === 0;
    });
    const broken = await this.sql`
      select entry.id from cc_audit_logs as entry
      where entry.hash <> cc_private.audit_hash(entry)
        or entry.previous_hash <> coalesce((
          select earlier.hash from cc_audit_logs as earlier
          where earlier.conversation_id is not distinct from entry.conversation_id
            and earlier.id < entry.id
          order by earlier.id desc limit 1
        ), '\\x')`;
    assert.deepEqual([...broken], [], "the audit's chain is broken");
    const gaps = await this.sql`
      select conversation_id from cc_messages
      group by conversation_id having max(seq) <> count(*)`;
    assert.deepEqual([...gaps], [], "seq has gaps");
  }
}
