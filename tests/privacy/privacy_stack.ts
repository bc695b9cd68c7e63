/** A stack through which people's data go on every path there is, those of failure above all. */
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
const UNSTORABLE = "REFUSE-THIS";

export class PrivacyStack implements AsyncDisposable {
  readonly #test: TestStack;
  readonly #twilio: LeakyTwilio;
  #pieces: string[] = [];

  private constructor(test: TestStack, twilio: LeakyTwilio) {
    this.#test = test;
    this.#twilio = twilio;
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
    await this.#twilio[Symbol.asyncDispose]();
  }

  get lines(): readonly string[] {
    return this.#test.lines;
  }

  get alerts(): unknown {
    return this.#test.stack.alerts.received;
  }

  /** Every path once, each with a customer of its own; ends when nothing waits any more. */
  async goThroughEverything(numbers: readonly string[], pieces: readonly string[]): Promise<void> {
    const customers = numbers.map((number) => `whatsapp:${number}`);
    const next = () => customers.pop() ?? "";
    this.#pieces = [...pieces];
    this.#twilio.words = this.#piece();
    this.#test.stack.openai.answerWith(() => ({
      ...{ reply: this.#piece(), language: this.#piece(), confidence: 1, hand_over: false },
      ...{ intent: "other", note: this.#piece() },
    }));
    await this.#isAnswered(next());
    await this.#isRefused(next());
    await this.#isInDoubt(next());
    await this.#modelFails(next(), "status:400:" + this.#piece().replace(/[^\w]/g, "_"));
    await this.#modelSaysNonsense(next());
    await this.#isRejected(next());
    await this.#isLimited(next());
    await this.#optsOut(next());
    await this.#isRefusedByDatabase(next());
    await this.#sendsFiles(next());
    await this.#cannotBeRung(next());
    await this.#isNotTwilio(next());
    await this.#isHandedOver(next());
    await this.#comesToRest();
  }

  async #isAnswered(from: string) {
    const status = this.#word();
    this.#twilio.answer(from, (sid) => Response.json({ sid, status, from }, { status: 201 }));
    await this.#write(from);
    const sid = await this.#sent(from);
    for (const MessageStatus of ["delivered", this.#word()]) {
      await this.#report({ MessageSid: sid, MessageStatus, To: from, ErrorCode: this.#piece() });
    }
  }

  async #isRefused(to: string) {
    const words = this.#piece();
    const asCode = Number(to.replace(/\D/g, ""));
    const codes = [21211, asCode];
    this.#twilio.answer(to, () => {
      const body = { code: codes.shift() ?? asCode, message: `${words} ${to}`, more_info: words };
      return Response.json(body, { status: 400 });
    });
    for (const count of [1, 2]) {
      await this.#write(to);
      const isRefused = ({ send_state }: Send) => send_state === "refused";
      await this.#eventually("a refusal", to, (sends) => sends.filter(isRefused).length === count);
    }
  }

  async #isInDoubt(to: string) {
    const words = this.#piece();
    this.#twilio.answer(to, () => new Response(`<p>${words} ${to}</p>`, { status: 500 }));
    await this.#write(to);
    const [send] = await this.#eventually(
      "a send in doubt",
      to,
      ([first]) => first?.send_state === "uncertain",
    );
    await this.#test.sql`select cc_private.sweep()`;
    const MessageSid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
    await this.#report({ MessageSid, MessageStatus: this.#word(), To: to }, send?.id);
  }

  async #modelFails(from: string, mode: string) {
    this.#test.stack.openai.setFault(mode);
    await this.#write(from);
    await this.#dies(from);
  }

  async #modelSaysNonsense(from: string) {
    const { openai } = this.#test.stack;
    openai.setFault("nonsense:wrong_schema");
    await this.#write(from);
    await this.#dies(from);
  }

  async #isRejected(from: string) {
    await this.#write(from, { MessageSid: this.#piece(), [this.#piece()]: this.#piece() });
    await this.#write(from, { MessageSid: undefined, AccountSid: this.#piece() });
    await this.#write(this.#piece() + ":x");
    await this.#report({ MessageSid: this.#piece(), MessageStatus: this.#piece(), To: from });
  }

  async #isLimited(from: string) {
    for (const _ of [1, 2, 3, 4]) await this.#write(from);
  }

  async #optsOut(from: string) {
    await this.#write(from, { Body: "STOP" });
    await this.#write(from);
  }

  async #isRefusedByDatabase(from: string) {
    await this.#write(from, { Body: `${UNSTORABLE} ${this.#piece()}` });
    const [kept] = await this.#test.sql`
      select from cc_rejected_webhooks
      where reason = 'not_storable' and parameters ->> 'From' = ${from}`;
    assert.ok(kept, "what the database refused was not kept");
  }

  async #sendsFiles(from: string) {
    const name = encodeURIComponent(this.#piece());
    const urls = ["lost", "astray", "odd", "fine"].map((end) =>
      `${this.#twilio.url}/media/${name}/${end}`
    );
    const media = [...urls, `https://evil.test/${name}`, this.#piece()].flatMap((url, n) => [
      [`MediaUrl${n}`, url],
      [`MediaContentType${n}`, n === 0 ? this.#piece() : "text/plain"],
    ]);
    await this.#write(from, Object.fromEntries(media));
    await eventually("the end of every file", async () => {
      const [waiting] = await this.#test.sql`
        select from cc_media where state in ('waiting', 'fetching')`;
      return waiting === undefined;
    });
  }

  async #cannotBeRung(from: string) {
    const { sql } = this.#test;
    const [{ id, url } = {}] = await sql`
      select id, decrypted_secret as url from vault.decrypted_secrets
      where name = 'orchestrator_url'`;
    await sql`select vault.update_secret(${id}, 'http://127.0.0.1:1/')`;
    await this.#write(from);
    await sql`select vault.update_secret(${id}, ${url})`;
  }

  async #isNotTwilio(from: string) {
    const { webhookUrl } = this.#test.stack;
    const body = new URLSearchParams({ From: from, Body: this.#piece() });
    const headers = { "x-twilio-signature": this.#piece().replace(/[^\x21-\x7e]/g, "x") };
    const { status } = await fetch(`${webhookUrl}?q=${encodeURIComponent(this.#piece())}`, {
      ...{ method: "POST", body, headers },
    });
    assert.equal(status, 403);
  }

  /** By an agent that called a tool and wrote a summary; a person answers. */
  async #isHandedOver(from: string) {
    const { sql } = this.#test;
    await sql`update cc_settings set debounce_ms = 9000, debounce_max_ms = 60000`;
    await this.#write(from);
    const [turn] = await sql<{ id: string; conversation_id: string }[]>`
      update cc_turns set due_at = now()
      where id = (select turn_id from cc_messages where from_address = ${from})
      returning id, conversation_id`;
    const { id, conversation_id: conversationId } = turn ?? assert.fail("no turn");
    await sql`select claim_turn(${conversationId})`;
    const work = { agent: "openai", summary: { text: this.#piece(), up_to_seq: 1 } };
    await sql`
      select finish_tool_call((begun ->> 'tool_call_id')::uuid, ${sql.json(this.#piece())})
      from begin_tool_call(${id}, 1, 'a_tool', ${
      sql.json({ [this.#piece()]: this.#piece() })
    }) as begun`;
    const phone = from.replace("whatsapp:", "");
    const [asked] = await sql`
      select begin_verification(${id}, 1, 'sms', ${phone}) ->> 'outcome' as outcome`;
    assert.equal(asked?.["outcome"], "asked");
    await sql`
      select complete_turn(${id}, 1, ${[this.#piece()]}, hand_over_reason => 'asked_for_person',
        work => ${sql.json(work)})`;
    await sql`select send_reply(gen_random_uuid(), ${conversationId}, 1, ${[this.#piece()]})`;
    await sql`select hand_back(${conversationId})`;
    const kept = await sql`
      select from cc_tool_calls as call join cc_conversations as conversation on summary is not null
      where call.turn_id = ${id} and conversation.id = ${conversationId} and result is not null`;
    assert.equal(kept.length, 1, "what the agent kept");
    await sql`update cc_settings set debounce_ms = 0`;
  }

  /** Signed as Twilio's, with somebody's data in every field. */
  async #write(from: string, more: Record<string, string | undefined> = {}) {
    const given = {
      ...Object.fromEntries(FIELDS.map((name) => [name, this.#piece()])),
      ...{ [this.#piece()]: this.#piece(), AccountSid: TWILIO_ACCOUNT_SID },
      MessageSid: `SM${crypto.randomUUID().replaceAll("-", "")}`,
      ...{ From: from, To: BUSINESS_ADDRESS, Body: this.#piece(), ...more },
    };
    await this.#post(this.#test.stack.webhookUrl, given);
  }

  async #report(given: Record<string, string>, messageId?: string) {
    const rest = Object.fromEntries(FIELDS.map((name) => [name, this.#piece()]));
    const query = messageId ? `?message_id=${messageId}` : "";
    await this.#post(`${this.#test.stack.webhookUrl}/status${query}`, {
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

  /** Somebody's data that looks like one of Twilio's words. */
  #word(): string {
    const index = this.#pieces.findIndex((piece) => /[a-z]{9}/.test(piece));
    const [piece = ""] = this.#pieces.splice(Math.max(0, index), 1);
    this.#pieces.push(piece);
    return (/[a-z]{9,38}/.exec(piece) ?? ["unknown"])[0];
  }

  /** Pieces come around again: what counts is that each stands in some field. */
  #piece(): string {
    const piece = this.#pieces.shift() ?? "";
    this.#pieces.push(piece);
    return piece;
  }

  async #sent(to: string): Promise<string> {
    const [sent] = await this.#eventually(
      "a reply",
      to,
      ([first]) => first?.send_state === "handed_over",
    );
    return sent?.provider_message_id ?? "";
  }

  async #dies(from: string) {
    await eventually("a dead turn", async () => {
      const [dead] = await this.#test.sql`
        select from cc_turns as turn join cc_messages as message on message.turn_id = turn.id
        where message.from_address = ${from} and turn.state = 'dead'`;
      return dead !== undefined;
    });
  }

  async #eventually(what: string, to: string, isThere: (sends: Send[]) => boolean) {
    return await eventually(what, async () => {
      const sends = await this.#test.sql<Send[]>`
        select id, send_state, provider_message_id from cc_messages
        where direction = 'outbound' and to_address = ${to} order by seq`;
      return isThere(sends) ? [...sends] : undefined;
    });
  }

  /** Waits until nothing is due, and the sweep has seen every answer of pg_net. */
  async #comesToRest() {
    const { sql } = this.#test;
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

  /** Every table there is, but the catalogue's own. */
  async tables(): Promise<string[]> {
    const tables = await this.#test.sql<{ name: string }[]>`
      select format('%I.%I', nspname, relname) as name
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'm', 'p') and nspname not in ('pg_catalog', 'information_schema')
        and nspname not like 'pg\\_%' order by 1`;
    return tables.map(({ name }) => name);
  }

  /** A row a line, as JSON. */
  async contentOf(table: string): Promise<string> {
    const rows = await this.#test.sql.unsafe(`select to_jsonb(t)::text as row from ${table} as t`);
    return rows.map(({ row }) => row).join("\n");
  }

  async ask(path: string, apikey: string): Promise<string> {
    const url = `${this.#test.stack.gateway.url}/functions/v1/${path}`;
    return await (await fetch(url, { headers: { apikey } })).text();
  }
}

interface Send {
  id: string;
  send_state: string;
  provider_message_id: string | null;
}
