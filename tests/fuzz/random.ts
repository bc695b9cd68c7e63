/** Chance that comes again: the same seed makes the same choices (mulberry32). */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(0, items.length - 1)] as Item;
  }

  /** So many characters of an alphabet. */
  word(length: number, alphabet = "0123456789abcdef"): string {
    return Array.from({ length }, () => this.pick([...alphabet])).join("");
  }

  uuid(): string {
    const [a, b, c, d] = [8, 3, 3, 12].map((length) => this.word(length));
    return `${a}-${this.word(4)}-4${b}-8${c}-${d}`;
  }

  /** So many items that `make` makes. */
  several<Item>(count: number, make: () => Item): Item[] {
    return Array.from({ length: count }, make);
  }
}
