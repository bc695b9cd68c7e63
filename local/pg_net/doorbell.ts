/**
 * How the worker is woken: the latch and the flag of the real one's shared memory. The flag is an
 * advisory lock, so that the callers of net.wake() see it; pg_net--0.20.4.sql says why.
 */
import { type DatabaseSession, openSession } from "../database_session.ts";

/** The key of the advisory lock that is the flag in net.wake(): held, the worker is awake. */
export const FLAG = "7305809893228047";
const LOOK_EVERY_MS = 1_000;

export class Doorbell {
  #session!: DatabaseSession;
  #rung = false;
  #latch = new Latch();
  /** Transactions older than this may have seen the flag up and not have rung. */
  #watchedUntil: string | undefined;

  /** A bell that hears, and rings at once for what it did not hear before. */
  static async open(url: string, applicationName: string): Promise<Doorbell> {
    const bell = new Doorbell();
    bell.#session = await openSession(url, { applicationName, onNotify: () => bell.#ring() });
    bell.#session.lost.addEventListener("abort", () => bell.interrupt());
    await bell.#session.run((sql) => sql`set lock_timeout = '1s'`);
    await bell.#session.run((sql) => sql`listen pg_net_wake`);
    bell.#ring();
    return bell;
  }

  /** Waits for a ring, then puts the flag back. Rejects when the connection is lost. */
  async untilRung(): Promise<void> {
    while (!this.#rung) {
      await this.#lookForMissedRing();
      if (!this.#rung) await this.#latch.wait(this.#watchedUntil && LOOK_EVERY_MS);
    }
    // Before the lock goes: a ring that comes in between must count.
    this.#rung = false;
    this.#latch.reset();
    const [now] = await this.#session.run((sql) =>
      sql`select pg_advisory_unlock_all(), pg_snapshot_xmax(pg_current_snapshot())::text as next`
    );
    this.#watchedUntil = now?.next;
  }

  /** Waits for the latch, at most this long. */
  async pause(ms: number): Promise<void> {
    await this.#latch.wait(ms);
  }

  /** Ends the current wait and pause, whatever the flag says. */
  interrupt(): void {
    this.#rung = true;
    this.#latch.set();
  }

  async close(): Promise<void> {
    await this.#session.end();
  }

  /** Sets flag and latch, as a commit does; only the first time until the flag is put back. */
  #ring() {
    if (this.#rung) return;
    this.#rung = true;
    this.#latch.set();
    // Without the lock every caller notifies: slower, not wrong.
    this.#session.run((sql) => sql`select pg_advisory_lock(${FLAG}::bigint)`).catch(() => {});
  }

  /** A caller that saw the flag up does not ring; its commit may come after the flag is down. */
  async #lookForMissedRing() {
    if (!this.#watchedUntil || !await isInstalled(this.#session)) return;
    const [now] = await this.#session.run((sql) =>
      sql`
        select
          exists (select from net.http_request_queue) as waiting,
          pg_snapshot_xmin(pg_current_snapshot()) >= ${this
        .#watchedUntil!}::text::xid8 as all_ended`
    );
    if (now?.all_ended) this.#watchedUntil = undefined;
    if (now?.waiting) this.#ring();
  }
}

/** Whether the database has pg_net: the migration that makes it may still be to come. */
export async function isInstalled(session: DatabaseSession): Promise<boolean> {
  const [found] = await session.run((sql) =>
    sql`select to_regclass('net.http_request_queue') is not null as installed`
  );
  return found?.installed;
}

/** Stays set until someone waits for it. */
class Latch {
  #set = false;
  #wake = () => {};

  set(): void {
    this.#set = true;
    this.#wake();
  }

  reset(): void {
    this.#set = false;
  }

  async wait(ms?: number | ""): Promise<void> {
    if (!this.#set) {
      await new Promise<void>((resolve) => {
        const timer = ms ? setTimeout(resolve, ms) : undefined;
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#set = false;
  }
}
