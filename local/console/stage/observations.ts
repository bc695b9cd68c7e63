/** What the simulated Twilio saw and when: each change of a message, each call of the webhook. */
import type { InboundResult } from "../../twilio_simulator/inbound.ts";
import type { MessageStore } from "../../twilio_simulator/message_store.ts";
import type { Message, Status } from "../../twilio_simulator/message.ts";

export interface StatusChange {
  status: Status;
  at: Date;
}

export interface WebhookCall {
  startedAt: Date;
  /** Absent while it is under way. */
  result?: InboundResult;
}

export class Observations {
  readonly #changes = new Map<string, StatusChange[]>();
  readonly #calls = new Map<string, WebhookCall[]>();

  /** Looks on from now on; `onChange` is told of each message that came or changed. */
  constructor(messages: MessageStore, onChange: (message: Message) => void) {
    const note = (message: Message) => {
      const changes = this.#changes.get(message.sid) ?? [];
      if (changes.at(-1)?.status !== message.status) {
        this.#changes.set(message.sid, [...changes, { status: message.status, at: new Date() }]);
      }
      onChange(message);
    };
    messages.onAdd(note);
    messages.onUpdate(note);
  }

  /** The statuses of a message with the time of each, oldest first. */
  changesOf(sid: string): readonly StatusChange[] {
    return this.#changes.get(sid) ?? [];
  }

  /** The calls of the webhook for an inbound message, oldest first. */
  callsOf(sid: string): readonly WebhookCall[] {
    return this.#calls.get(sid) ?? [];
  }

  noteCall(sid: string, call: WebhookCall): void {
    this.#calls.set(sid, [...this.callsOf(sid), call]);
  }
}
