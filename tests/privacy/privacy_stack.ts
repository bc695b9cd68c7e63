/** A stack whose Twilio leaks, and which is written to with somebody's data in every field. */
import assert from "node:assert/strict";
import {
  BUSINESS_ADDRESS,
  TWILIO_ACCOUNT_SID,
  TWILIO_AUTH_TOKEN,
} from "../../local/credentials.ts";
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { type LeakyTwilio, startLeakyTwilio } from "./leaky_twilio.ts";
import { Pieces } from "./pieces.ts";

/** Parameters of Twilio's page; each gets somebody's data, and so do some that nobody knows. */
const FIELDS = [
  ...[
    "ProfileName",
    "WaId",
    "Address",
    "Label",
    "Latitude",
    "Longitude",
    "ButtonText",
    "ListTitle",
  ],
  ...["ButtonPayload", "ReferralBody", "ReferralHeadline", "ReferralSourceUrl", "ChannelMetadata"],
  ...["FromCity", "MessageType", "NumSegments", "NumMedia", "ApiVersion", "ExternalUserId"],
  ...["ErrorMessage", "ChannelStatusMessage", "OriginalRepliedMessageSender", "SmsStatus"],
];
/** A text that the database is told to refuse. */
export const UNSTORABLE = "REFUSE-THIS";

export class PrivacyStack implements AsyncDisposable {
  readonly #test: TestStack;
  readonly twilio: LeakyTwilio;
  /** What goes into every field; anew for each run. */
  pieces: Pieces = new Pieces([]);

  private constructor(test: TestStack, twilio: LeakyTwilio) {
    this.#test = test;
    this.twilio = twilio;
  }

  static async start(): Promise<PrivacyStack> {
    const twilio = startLeakyTwilio();
    const test = await startTestStack({ AGENTS: "openai", TWILIO_API_URL: twilio.url }, {
      lazy: [],
    });
    await test.sql`
      update cc_settings set debounce_ms = 0, max_failures = 1, alert_cooldown_minutes = 0,
        customer_burst_messages = 2, customer_messages_per_minute = 100, max_media_failures = 1,
        trigger_failures_alert_count = 1, redispatch_seconds = 1`;
    await test.sql.unsafe(`
      alter table cc_messages add constraint refused_on_purpose
      check (body_text not like '%${UNSTORABLE}%')`);
    return new PrivacyStack(test, twilio);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#test[Symbol.asyncDispose]();
    await this.twilio[Symbol.asyncDispose]();
  }

  get sql(): TestStack["sql"] {
    return this.#test.sql;
  }

  get openai(): TestStack["stack"]["openai"] {
    return this.#test.stack.openai;
  }

  get webhookUrl(): string {
    return this.#test.stack.webhookUrl;
  }

  get lines(): readonly string[] {
    return this.#test.lines;
  }

  get alerts(): unknown {
    return this.#test.stack.alerts.received;
  }

  /** Signed as Twilio's, with somebody's data in every field. */
  async write(from: string, more: Record<string, string | undefined> = {}): Promise<void> {
    const given = {
      ...Object.fromEntries(FIELDS.map((name) => [name, this.pieces.next()])),
      ...{ [this.pieces.next()]: this.pieces.next(), AccountSid: TWILIO_ACCOUNT_SID },
      MessageSid: `SM${crypto.randomUUID().replaceAll("-", "")}`,
      ...{ From: from, To: BUSINESS_ADDRESS, Body: this.pieces.next(), ...more },
    };
    await this.#post(this.webhookUrl, given);
  }

  /** A status callback, as well. */
  async report(given: Record<string, string>, messageId?: string): Promise<void> {
    const rest = Object.fromEntries(FIELDS.map((name) => [name, this.pieces.next()]));
    const query = messageId ? `?message_id=${messageId}` : "";
    await this.#post(`${this.webhookUrl}/status${query}`, {
      ...{ ...rest, AccountSid: TWILIO_ACCOUNT_SID, ...given },
    });
  }

  async #post(url: string, given: Record<string, string | undefined>) {
    const pairs = Object.entries(given).filter((pair): pair is [string, string] =>
      pair[1] !== undefined
    );
    const parameters = Object.fromEntries(pairs);
    const signature = sign(TWILIO_AUTH_TOKEN, url, parameters);
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(parameters),
      headers: { "x-twilio-signature": signature },
    });
    assert.equal(response.status, 200, await response.text());
  }

  /** Waits until what was stored to be sent to this address is as it ought to be. */
  async untilSends(
    what: string,
    to: string,
    isThere: (sends: Send[]) => boolean,
  ): Promise<Send[]> {
    return await eventually(what, async () => {
      const sends = await this.sql<Send[]>`
        select id, send_state, provider_message_id from cc_messages
        where direction = 'outbound' and to_address = ${to} order by seq`;
      return isThere(sends) ? [...sends] : undefined;
    });
  }

  /** Every table there is, but the catalogue's own. */
  async tables(): Promise<string[]> {
    const tables = await this.sql<{ name: string }[]>`
      select format('%I.%I', nspname, relname) as name
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'm', 'p') and nspname not in ('pg_catalog', 'information_schema')
        and nspname not like 'pg\\_%' order by 1`;
    return tables.map(({ name }) => name);
  }

  /** A row a line, as JSON. */
  async contentOf(table: string): Promise<string> {
    const rows = await this.sql.unsafe(`select to_jsonb(t)::text as row from ${table} as t`);
    return rows.map(({ row }) => row).join("\n");
  }

  async ask(path: string, apikey: string): Promise<string> {
    const url = `${this.#test.stack.gateway.url}/functions/v1/${path}`;
    return await (await fetch(url, { headers: { apikey } })).text();
  }
}

/** An outbound message, as the database has it. */
export interface Send {
  id: string;
  send_state: string;
  provider_message_id: string | null;
}
