/** What the stage knows: the phones, what Twilio saw, the faults, and whether anything was lost. */
import type { OpenAISimulator } from "../../openai_simulator.ts";
import type { Message } from "../../twilio_simulator/message.ts";
import type { TwilioSimulator } from "../../twilio_simulator.ts";
import { Pulse } from "../live.ts";
import { Customers } from "./customers.ts";
import { FaultLog } from "./fault_log.ts";
import { LedgerWatch } from "./ledger_watch.ts";
import { Observations } from "./observations.ts";

export interface StageParts {
  twilio: TwilioSimulator;
  openai: OpenAISimulator;
  /** As a superuser, for the ledger. */
  databaseUrl: string;
}

/** A message that waits for its phone to be online. */
export type Draft = Record<string, unknown> & { from: string };

export class Stage {
  readonly twilio: TwilioSimulator;
  readonly openai: OpenAISimulator;
  readonly customers = new Customers();
  readonly observations: Observations;
  readonly ledger: LedgerWatch;
  readonly faults: FaultLog;
  readonly pulse = new Pulse();
  #drafts: Draft[] = [];

  constructor({ twilio, openai, databaseUrl }: StageParts) {
    this.twilio = twilio;
    this.openai = openai;
    this.observations = new Observations(twilio.messages, (message) => {
      this.customers.notice(message);
      this.pulse.beat();
    });
    this.ledger = new LedgerWatch(twilio.messages, databaseUrl);
    this.faults = new FaultLog(twilio.faults);
    this.customers.add();
  }

  /** A customer's messages, both ways, oldest first. */
  messagesOf(address: string): Message[] {
    return this.twilio.messages.newestFirst().reverse()
      .filter(({ from, to }) => from === address || to === address);
  }

  /** What a customer wrote while offline. */
  draftsOf(address: string): readonly Draft[] {
    return this.#drafts.filter(({ from }) => from === address);
  }

  /** Sends it, or keeps it until the phone is online; nobody waits for the webhook's answer. */
  write(draft: Draft): void {
    if (this.twilio.presence.isOffline(draft.from)) this.#drafts.push(draft);
    else void this.#deliver(draft);
    this.pulse.beat();
  }

  goOffline(address: string): void {
    this.twilio.presence.goOffline(address);
    this.pulse.beat();
  }

  /** What had waited leaves in the order in which it was written. */
  async goOnline(address: string): Promise<void> {
    this.twilio.presence.goOnline(address);
    const drafts = this.draftsOf(address);
    this.#drafts = this.#drafts.filter(({ from }) => from !== address);
    for (const draft of drafts) await this.#deliver(draft);
  }

  async #deliver(draft: Draft): Promise<void> {
    const startedAt = new Date();
    const result = await this.twilio.inbound(draft);
    this.observations.noteCall(result.messageSid, { startedAt, result });
    this.pulse.beat();
  }
}
