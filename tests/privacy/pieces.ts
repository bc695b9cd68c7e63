/** The pieces of personal data that go into the fields of one run. */

export class Pieces {
  readonly #pieces: string[];

  constructor(pieces: readonly string[]) {
    this.#pieces = [...pieces];
  }

  /** Pieces come around again: what counts is that each stands in some field. */
  next(): string {
    const piece = this.#pieces.shift() ?? "";
    this.#pieces.push(piece);
    return piece;
  }

  /** Somebody's data that looks like one of Twilio's words. */
  word(): string {
    const index = this.#pieces.findIndex((piece) => /[a-z]{9}/.test(piece));
    const [piece = ""] = this.#pieces.splice(Math.max(0, index), 1);
    this.#pieces.push(piece);
    return (/[a-z]{9,38}/.exec(piece) ?? ["unknown"])[0];
  }
}
