/**
 * A whole stack whose parts can be broken from outside, a customer's side to write from, and the
 * promises that must hold once it has healed.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { bootstrapDatabase } from "../../local/bootstrap.ts";
import { freePort } from "../../local/free_port.ts";
import type { Environment } from "../../local/function_environment.ts";
import type { Ledger, LedgerDetails } from "../../local/ledger.ts";
import { ManagedPostgres } from "../../local/managed_postgres.ts";
import { applyMigrations } from "../../local/migrate.ts";
import { databaseUrl } from "../../local/postgres.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import type { InboundResult } from "../../local/twilio_simulator/inbound.ts";

const MIGRATIONS = new URL("../../supabase/migrations", import.meta.url).pathname;
/** How long anything may take to heal. Milliseconds. */
const HEAL_TIMEOUT_MS = 90_000;
const LOOK_EVERY_MS = 250;

/** Waits that are long in production are short here; the rules are the same. */
const FAST = `
  update cc_settings set debounce_ms = 0, backoff_base_ms = 100, backoff_max_ms = 500,
    settle_grace_seconds = 1, redispatch_seconds = 1, lease_seconds = 10, send_lease_seconds = 20,
    customer_burst_messages = 10000, alert_cooldown_minutes = 0`;

export class FaultStack implements AsyncDisposable {
  #customers = 0;

  private constructor(
    readonly stack: Stack,
    readonly lines: string[],
    readonly port: number,
    readonly end: () => Promise<void>,
  ) {}

  /** Starts a stack with a Postgres of its own, on free ports. */
  static async start(settings: Environment = {}): Promise<FaultStack> {
    await using starting = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "switchboard_faults_" });
    starting.defer(() => Deno.remove(folder, { recursive: true }));
    const server = await ManagedPostgres.start({ folder: join(folder, "data"), port: freePort() });
    starting.defer(() => server.stop());
    const url = (role: string) => databaseUrl(server.port, "postgres", role);
    await bootstrapDatabase(url("supabase_admin"), { defaultPrivileges: "2026" });
    await applyMigrations(url("postgres"), MIGRATIONS);
    const lines: string[] = [];
    const stack = starting.use(
      await startStack({
        databaseUrl: url,
        postgres: server,
        ports: { gateway: freePort(), twilio: freePort(), openai: freePort() },
        settings: { AGENTS: "openai", ...settings },
        log: (name, line) => lines.push(`${name}: ${line}`),
      }),
    );
    const started = starting.move();
    const faulty = new FaultStack(stack, lines, server.port, () => started.disposeAsync());
    await faulty.query(FAST);
    return faulty;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
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
    const response = await fetch(`${this.stack.twilio.url}/simulator/faults`, {
      method: "POST",
      body: JSON.stringify({ target, mode, times }),
    });
    const answer = await response.text();
    assert.ok(response.ok, `${target} ${mode}: ${answer}`);
  }

  async clearFaults(): Promise<void> {
    const response = await fetch(`${this.stack.twilio.url}/simulator/faults`, { method: "DELETE" });
    await response.body?.cancel();
  }

  /** Runs a statement as the owner, in a session of its own: the database may have been away. */
  async query<Row = Record<string, unknown>>(statement: string): Promise<Row[]> {
    const sql = postgres(databaseUrl(this.port), { max: 1, onnotice: () => {} });
    try {
      return [...await sql.unsafe(statement)] as Row[];
    } finally {
      await sql.end();
    }
  }

  async ledger(): Promise<Ledger & { details: LedgerDetails }> {
    const response = await fetch(`${this.stack.twilio.url}/simulator/ledger?details=1`);
    const answer = await response.text();
    assert.ok(response.ok, answer);
    return JSON.parse(answer);
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
