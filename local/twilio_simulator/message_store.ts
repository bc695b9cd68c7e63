/** Where the simulated Twilio keeps its messages: in memory, in the order of its own list. */
import type { Message } from "./message.ts";

export interface MessageStore {
  /** Keeps a message; a second one with the same sid is refused by an error. */
  add(message: Message): void;
  get(sid: string): Message | undefined;
  /** Changes a message and its dateUpdated; does nothing to one that was deleted. */
  update(sid: string, changes: Partial<Message>): Message | undefined;
  /** Whether there was such a message. */
  remove(sid: string): boolean;
  /** All messages by dateCreated; of the same time, the later added first. */
  newestFirst(): Message[];
  /** Calls the listener with each message that is added, until the returned function is called. */
  onAdd(listener: (message: Message) => void): () => void;
  /** The same for each change of a message, which the listener gets as it is now. */
  onUpdate(listener: (message: Message) => void): () => void;
}

export class InMemoryMessageStore implements MessageStore {
  /** Oldest first, so that a new message is nearly always pushed at the end. */
  readonly #sids: string[] = [];
  readonly #messages = new Map<string, Message>();
  readonly #listeners = new Set<(message: Message) => void>();
  readonly #updateListeners = new Set<(message: Message) => void>();

  add(message: Message): void {
    if (this.#messages.has(message.sid)) {
      throw new Error(`Cannot add message ${message.sid}: it exists`);
    }
    this.#sids.splice(this.#placeFor(message), 0, message.sid);
    this.#messages.set(message.sid, message);
    for (const listener of [...this.#listeners]) listener(message);
  }

  get(sid: string): Message | undefined {
    return this.#messages.get(sid);
  }

  update(sid: string, changes: Partial<Message>): Message | undefined {
    const message = this.#messages.get(sid);
    if (!message) return undefined;
    const changed = { ...message, ...changes, dateUpdated: new Date() };
    this.#messages.set(sid, changed);
    for (const listener of [...this.#updateListeners]) listener(changed);
    return changed;
  }

  remove(sid: string): boolean {
    if (!this.#messages.delete(sid)) return false;
    this.#sids.splice(this.#sids.lastIndexOf(sid), 1);
    return true;
  }

  newestFirst(): Message[] {
    return this.#sids.map((sid) => this.#messages.get(sid) as Message).reverse();
  }

  onAdd(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onUpdate(listener: (message: Message) => void): () => void {
    this.#updateListeners.add(listener);
    return () => this.#updateListeners.delete(listener);
  }

  #placeFor(message: Message): number {
    let place = this.#sids.length;
    while (place > 0 && this.#dateOf(place - 1) > message.dateCreated) place--;
    return place;
  }

  #dateOf(place: number): Date {
    return this.#messages.get(this.#sids[place] as string)?.dateCreated as Date;
  }
}
