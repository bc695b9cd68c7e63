/** What the operator's view keeps between two looks: the plots' minutes, and chains that were verified. */
import type { Metric } from "../../../supabase/functions/_shared/database.ts";
import { Pulse } from "../live.ts";
import type { ChainState, Minute } from "../record_types.ts";
import type { Records } from "../records.ts";

const MINUTE_MS = 60_000;
const SHOWN_MINUTES = 60;
/** One question covers so much, so that it stays short under any load. */
const SLICE_MS = 10 * MINUTE_MS;
const FRESH_MS = 2_000;
const METRICS_FRESH_MS = 5_000;
const CHAIN_FRESH_MS = 10_000;

interface Verified {
  readAt: number;
  state: ChainState;
}

export class Operator {
  readonly pulse = new Pulse();
  readonly #minutes = new Map<string, Minute>();
  readonly #verified = new Map<string, Verified>();
  #metrics: { readAt: number; answer: Promise<Metric[]> } | undefined;
  #readUntil = 0;
  #reading: Promise<void> | undefined;

  constructor(readonly records: Records) {}

  /** The last hour, a minute each, oldest first; minutes in which nothing happened are missing. */
  async activity(now = Date.now()): Promise<Minute[]> {
    if (now - this.#readUntil > FRESH_MS) {
      this.#reading ??= this.#read(now).finally(() => this.#reading = undefined);
      await this.#reading;
    }
    return [...this.#minutes.values()]
      .toSorted((a, b) => a.minute.localeCompare(b.minute));
  }

  /** The first time the whole hour, in slices; then the last two minutes again. */
  async #read(now: number) {
    const oldest = startOfMinute(now - SHOWN_MINUTES * MINUTE_MS);
    const first = startOfMinute(this.#readUntil - MINUTE_MS);
    for (let from = Math.max(oldest, first); from < now; from += SLICE_MS) {
      const until = Math.min(from + SLICE_MS, now + MINUTE_MS);
      const found = await this.records.getActivity(new Date(from), new Date(until));
      for (const minute of found) this.#minutes.set(minute.minute, minute);
    }
    this.#readUntil = now;
    for (const [key, { minute }] of this.#minutes) {
      if (new Date(minute).getTime() < oldest) this.#minutes.delete(key);
    }
  }

  /** Counters and gauges; whoever looks shares one answer, since asking counts all that came since. */
  async metrics(now = Date.now()): Promise<Metric[]> {
    if (!this.#metrics || now - this.#metrics.readAt > METRICS_FRESH_MS) {
      this.#metrics = { readAt: now, answer: this.records.getMetrics() };
      this.#metrics.answer.catch(() => this.#metrics = undefined);
    }
    return await this.#metrics.answer;
  }

  /** The state of a conversation's chain, at most ten seconds old: a long one takes its time. */
  async chain(conversationId: string, now = Date.now()): Promise<ChainState> {
    const known = this.#verified.get(conversationId);
    if (known && now - known.readAt < CHAIN_FRESH_MS) return known.state;
    const state = await this.records.verifyChain(conversationId);
    this.#verified.set(conversationId, { readAt: now, state });
    return state;
  }
}

function startOfMinute(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}
