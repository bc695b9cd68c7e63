/** Twilio's list against the tables, read again when it may have changed; the last one is kept. */
import { type Ledger, type LedgerDetails, readLedger } from "../../ledger.ts";
import type { Message } from "../../twilio_simulator/message.ts";
import type { MessageStore } from "../../twilio_simulator/message_store.ts";

export interface Balance extends Ledger {
  /** Twilio's messages that are in no table and whose time to be found has not passed. */
  underWay: number;
  readAt: Date;
  /** Whether the database could not be asked since. */
  isOld: boolean;
}

/** The sync finds within four minutes what no webhook brought; a lost message is older. */
const FOUND_WITHIN_MS = 5 * 60_000;
const FRESH_MS = 400;

export class LedgerWatch {
  #last: Balance | undefined;
  #reading: Promise<Balance | undefined> | undefined;

  constructor(readonly messages: MessageStore, readonly databaseUrl: string) {}

  /** At most half a second old, while the database answers. */
  async read(): Promise<Balance | undefined> {
    if (this.#last && Date.now() - this.#last.readAt.getTime() < FRESH_MS) return this.#last;
    this.#reading ??= this.#readNow().finally(() => this.#reading = undefined);
    return await this.#reading;
  }

  async #readNow(): Promise<Balance | undefined> {
    const readAt = new Date();
    try {
      const all = () => this.messages.newestFirst().reverse();
      const { details, ...ledger } = await readLedger(all, this.databaseUrl);
      const { lost, underWay } = this.#weigh(details, readAt);
      this.#last = { ...ledger, lost, underWay, readAt, isOld: false };
    } catch {
      this.#last = this.#last && { ...this.#last, isOld: true };
    }
    return this.#last;
  }

  #weigh({ lost }: LedgerDetails, now: Date) {
    const isLost = ({ dateCreated }: Message) =>
      now.getTime() - dateCreated.getTime() > FOUND_WITHIN_MS;
    const missing = lost.map((sid) => this.messages.get(sid)).filter((found) => !!found);
    const lostOnes = missing.filter(isLost).length;
    return { lost: lostOnes, underWay: missing.length - lostOnes };
  }
}
