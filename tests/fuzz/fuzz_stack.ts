/** A stack to throw requests at, and the promises that each of them puts to the test. */
import assert from "node:assert/strict";
import { BUSINESS_ADDRESS, TWILIO_AUTH_TOKEN } from "../../local/credentials.ts";
import { fromStorable } from "../../supabase/functions/_shared/storable_text.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { type FuzzCase, parametersOf } from "./fuzz_case.ts";
import { type Answer, type Receiver, sendCase, signatureOf } from "./send_case.ts";

/** A finding: what was wrong, and with which case. */
export class Finding extends Error {
  override readonly name = "Finding";

  constructor(readonly found: string, readonly fuzzCase: FuzzCase | null) {
    super(fuzzCase ? `${found}: ${fuzzCase.what}` : found);
  }
}

const IN_FLIGHT = 8;
const LAST_REPLY_TIMEOUT_MS = 120_000;
/** Health says 503 when something is wrong, such as many rejected webhooks. */
const TELLS_OF_TROUBLE = /\/operations\/+health/;

export class FuzzStack implements AsyncDisposable {
  readonly names: readonly string[];
  readonly #test: TestStack;
  readonly #receiver: Receiver;
  /** The signatures of what must be there. */
  readonly #stored = { cc_messages: new Set<string>(), cc_rejected_webhooks: new Set<string>() };
  #linesRead = 0;

  private constructor(test: TestStack) {
    this.#test = test;
    const { stack } = test;
    this.names = stack.functions.names;
    this.#receiver = {
      portOf: (target) => {
        const name = target.replace("function:", "");
        const origin = target === "gateway" ? stack.gateway.url : stack.functions.originOf(name);
        if (!origin) throw new Finding(`${name} does not run`, null);
        return Number(new URL(origin).port);
      },
      publicUrl: stack.environment["PUBLIC_FUNCTIONS_URL"] ?? "",
      authToken: TWILIO_AUTH_TOKEN,
    };
  }

  static async start(): Promise<FuzzStack> {
    const test = await startTestStack({}, { lazy: [] });
    await test.sql`
      update cc_settings set debounce_ms = 0, customer_burst_messages = 10000,
        turns_per_minute = 100000`;
    return new FuzzStack(test);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#test[Symbol.asyncDispose]();
  }

  /** Sends the cases, some at once, and looks at every answer and every row. Throws a `Finding`. */
  async hold(cases: FuzzCase[]): Promise<void> {
    const waiting = [...cases];
    const sender = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.#send(next);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
    await this.#checkRows(cases);
    this.#checkLog(cases);
  }

  async #send(each: FuzzCase): Promise<void> {
    const answer = await sendCase(each, this.#receiver).catch((error) => {
      throw error instanceof Finding ? error : new Finding(String(error), each);
    });
    const { status } = each.expected;
    if (status.length > 0 && !status.includes(answer.status ?? 0)) {
      throw new Finding(`answered ${answer.status} instead of ${status}`, each);
    }
    if (isServersFailure(answer, each)) {
      throw new Finding(`answered ${answer.status} ${answer.body.slice(0, 200)}`, each);
    }
    if (status.includes(200) && !/<Response/.test(answer.body)) {
      throw new Finding(`answered no TwiML but "${answer.body.slice(0, 200)}"`, each);
    }
  }

  /** Every signed request is stored where it belongs, whole and once, and nothing else is. */
  async #checkRows(cases: FuzzCase[]): Promise<void> {
    const { sql } = this.#test;
    const signatures = cases.map((each) => signatureOf(each, this.#receiver)).filter(Boolean);
    const rows = await sql`
      select 'cc_messages' as place, signature, body_json -> 'parameters' as parameters
      from cc_messages where direction = 'inbound' and signature = any (${signatures})
      union all
      select 'cc_rejected_webhooks', signature, parameters
      from cc_rejected_webhooks where signature = any (${signatures})`;
    const bySignature = Map.groupBy(rows, ({ signature }) => signature as string);
    for (const each of cases) this.#checkCase(each, bySignature);
    const [counts] = await sql`
      select (select count(*)::int from cc_messages where direction = 'inbound') as cc_messages,
        (select count(*)::int from cc_rejected_webhooks) as cc_rejected_webhooks`;
    const { cc_messages, cc_rejected_webhooks } = this.#stored;
    const wanted = {
      cc_messages: cc_messages.size,
      cc_rejected_webhooks: cc_rejected_webhooks.size,
    };
    try {
      assert.deepEqual({ ...counts }, wanted);
    } catch {
      const found = `rows ${JSON.stringify(counts)} instead of ${JSON.stringify(wanted)}`;
      throw new Finding(`${found}, after ${cases.map(({ what }) => what).join("; ")}`, null);
    }
  }

  #checkCase(each: FuzzCase, bySignature: Map<string, { [column: string]: unknown }[]>): void {
    const { stored } = each.expected;
    if (stored === "nowhere" || !each.signed) return;
    const rows = bySignature.get(signatureOf(each, this.#receiver)) ?? [];
    const places = rows.map(({ place }) => place);
    if (places.length !== 1 || places[0] !== stored) {
      throw new Finding(`stored in ${places.join(", ") || "no table"}, not in ${stored}`, each);
    }
    try {
      const wanted = parametersOf(each.signed.pairs);
      assert.deepEqual(readBack(rows[0]?.["parameters"]), sorted([...wanted]));
    } catch (error) {
      throw new Finding(`read back otherwise: ${(error as Error).message.slice(0, 500)}`, each);
    }
    this.#stored[stored].add(signatureOf(each, this.#receiver));
  }

  /** A function says what it reports, a JSON line each; anything else was thrown by somebody. */
  #checkLog(cases: FuzzCase[]): void {
    const { lines } = this.#test;
    const strange = lines.slice(this.#linesRead).find((line) =>
      !/^[\w-]+: \{"at":.*\}$/.test(line)
    );
    this.#linesRead = lines.length;
    if (strange === undefined) return;
    const during = cases.map(({ what }) => what).join("; ");
    throw new Finding(`the log says "${strange}", during ${during}`, null);
  }

  /** How many rows each table has, except those that the schedule itself writes. */
  async countRows(): Promise<Record<string, number>> {
    const tables = await this.#test.sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('public', 'cc_private', 'net')
        -- What a ring with the right key begins is the sync's own: where it will go on reading.
        and tablename <> 'sync_cursors'`;
    const counted = await Promise.all(tables.map(async ({ name }) => {
      const [row] = await this.#test.sql.unsafe(`select count(*)::int as rows from ${name}`);
      return [name, row?.["rows"]];
    }));
    return Object.fromEntries(counted);
  }

  /** A customer who writes now gets an answer, and no message has a gap before it. */
  async answersStill(): Promise<void> {
    const { sql, stack, lines } = this.#test;
    const from = "whatsapp:+4915112345678";
    await stack.twilio.inbound({ from, To: BUSINESS_ADDRESS, body: "Hello" });
    const what = { to: from, count: 1, timeoutMs: LAST_REPLY_TIMEOUT_MS };
    await stack.twilio.waitForOutbound(what).catch((error) => {
      throw new Finding(`no answer any more: ${error}\n${lines.slice(-20).join("\n")}`, null);
    });
    const wrong = await sql`
      select conversation_id from cc_messages group by 1
      having max(seq) <> count(*) or bool_or(direction = 'inbound' and turn_id is null)`;
    if (wrong.length > 0) throw new Finding(`${wrong.length} conversations have gaps`, null);
  }
}

function isServersFailure({ status }: Answer, { head }: FuzzCase): boolean {
  return status !== null && status >= 500 && !(status === 503 && TELLS_OF_TROUBLE.test(head));
}

function readBack(stored: unknown): unknown {
  return sorted(
    Object.entries(stored as Record<string, string | string[]>).map(([name, value]) => [
      fromStorable(name),
      Array.isArray(value) ? value.map(fromStorable) : fromStorable(value),
    ]),
  );
}

function sorted(entries: [string, string | string[]][]) {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
