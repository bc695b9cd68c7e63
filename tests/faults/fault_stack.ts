/**
 * A whole stack whose parts can be broken from outside, a customer's side to write from, and the
 * promises that must hold once it has healed.
 */
import postgres from "postgres";
import type { Environment } from "../../local/function_environment.ts";
import type { Ledger, LedgerDetails } from "../../local/ledger.ts";
import { databaseUrl } from "../../local/postgres.ts";
import type { Stack } from "../../local/stack.ts";
import type { InboundResult } from "../../local/twilio_simulator/inbound.ts";
import { clearFaults, listFaults, pressFault, readLedger } from "../support/simulator.ts";
import { startTestStackWithPostgres, type TestStackWithPostgres } from "../support/test_stack.ts";

/** How long anything may take to heal. Milliseconds. */
const HEAL_TIMEOUT_MS = 90_000;
const LOOK_EVERY_MS = 250;

/** Waits that are long in production are short here; the rules are the same. */
const FAST = `
  update cc_settings set debounce_ms = 0, backoff_base_ms = 100, backoff_max_ms = 500,
    settle_grace_seconds = 1, redispatch_seconds = 1, lease_seconds = 10, send_lease_seconds = 20,
    customer_burst_messages = 10000, alert_cooldown_minutes = 0,
    sync_min_age_seconds = 0, sync_since = now() - interval '1 day'`;

export class FaultStack implements AsyncDisposable {
  readonly stack: Stack;
  /** What the functions printed. */
  readonly lines: string[];
  readonly #test: TestStackWithPostgres;
  #customers = 0;

  private constructor(test: TestStackWithPostgres) {
    this.#test = test;
    this.stack = test.stack;
    this.lines = test.lines;
  }

  /** Starts a stack with a Postgres of its own, on free ports. */
  static async start(settings: Environment = {}): Promise<FaultStack> {
    const test = await startTestStackWithPostgres({ AGENTS: "openai", ...settings });
    const faulty = new FaultStack(test);
    await faulty.query(FAST);
    return faulty;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#test[Symbol.asyncDispose]();
  }

  /** A customer whom nobody has heard of yet. */
  newCustomer(): string {
    return `whatsapp:+55119${String(++this.#customers).padStart(8, "0")}`;
  }

  /** Delivers a message as Twilio does; what Twilio saw. */
  async write(
    from: string,
    body: string,
    more: Record<string, unknown> = {},
  ): Promise<InboundResult> {
    return await this.stack.twilio.inbound({ from, body, ...more });
  }

  /** Presses a fault through the simulator's own route. */
  async press(target: string, mode: string, times = 1): Promise<void> {
    await pressFault(this.stack.twilio, target, mode, times);
  }

  /** Whether a fault in this mode still waits for its moment. */
  async isArmed(mode: string): Promise<boolean> {
    const { active } = await listFaults(this.stack.twilio);
    return active.some((fault) => fault.mode.startsWith(mode));
  }

  async clearFaults(): Promise<void> {
    await clearFaults(this.stack.twilio);
  }

  /** Runs a statement as the owner, in a session of its own: the database may have been away. */
  async query<Row = Record<string, unknown>>(statement: string): Promise<Row[]> {
    const sql = postgres(databaseUrl(this.#test.postgres.port), { max: 1, onnotice: () => {} });
    try {
      return [...await sql.unsafe(statement)] as Row[];
    } finally {
      await sql.end();
    }
  }

  /** Twilio's side compared with the tables. Throws while the database is away. */
  async ledger(): Promise<Ledger & { details: LedgerDetails }> {
    return await readLedger(this.stack.twilio);
  }

  /** Waits until `look` gives something, with a sweep each time, as if ten seconds had passed. */
  async eventually<Value>(
    what: string,
    look: () => Promise<Value | false | undefined>,
  ): Promise<Value> {
    const deadline = Date.now() + HEAL_TIMEOUT_MS;
    let last: unknown = "nothing";
    while (Date.now() < deadline) {
      try {
        await this.query("select cc_private.sweep()");
        const value = await look();
        if (value !== false && value !== undefined) return value;
      } catch (error) {
        last = error;
      }
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    const log = this.lines.slice(-30).join("\n");
    throw new Error(`Waited ${HEAL_TIMEOUT_MS} ms in vain for ${what} (${last})\n${log}`);
  }

  /** Rings the sync as pg_cron does every two minutes. */
  async ringSync(): Promise<void> {
    await this.query("select cc_private.ring_reading()");
  }

  /** Lets the sync bring what no webhook stored. */
  async bringLost(): Promise<void> {
    let rungAt = -Infinity;
    await this.eventually("the sync to bring every message", async () => {
      const { lost } = await this.ledger();
      if (lost > 0 && performance.now() - rungAt > 2000) {
        await this.ringSync();
        rungAt = performance.now();
      }
      return lost === 0;
    });
  }

  /** Lets every lease run out now, as when its time has passed. */
  async endLeases(): Promise<void> {
    await this.query(`update cc_turns set lease_until = now() where state = 'running'`);
    await this.query(
      `update cc_messages set send_lease_until = now() where send_state = 'sending'`,
    );
  }

  /** Waits until nothing is open any more. */
  async heals(): Promise<Ledger & { details: LedgerDetails }> {
    return await this.eventually("every message to be stored, answered and settled", async () => {
      // What is in doubt has no sender any more; only the rest of its lease would have to pass.
      await this.query(`
        update cc_messages set send_lease_until = least(send_lease_until, now())
        where send_state = 'uncertain'`);
      const [open] = await this.query(`
        select from cc_turns where state in ('pending', 'running', 'retrying')
        union all
        select from cc_messages where send_state in ('ready', 'sending', 'uncertain')`);
      const ledger = await this.ledger();
      return !open && ledger.lost === 0 && ledger.unanswered === 0 && ledger;
    });
  }
}
