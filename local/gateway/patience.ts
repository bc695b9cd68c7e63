/** Answers in time, whatever becomes of the request. */

export class Patience {
  #cutOffs = new Set<() => void>();

  /** The answer, or what `tooLate` makes when it takes longer, or 503 once `end` was called. */
  async within(
    timeoutMs: number,
    answer: Promise<Response>,
    tooLate: () => Response,
  ): Promise<Response> {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const cutOff = () => resolve(new Response(null, { status: 503 }));
    const timer = setTimeout(() => resolve(tooLate()), timeoutMs);
    this.#cutOffs.add(cutOff);
    return await Promise.race([answer, promise]).finally(() => {
      clearTimeout(timer);
      this.#cutOffs.delete(cutOff);
    });
  }

  /** Answers every request that still waits. */
  end(): void {
    for (const cutOff of this.#cutOffs) cutOff();
  }
}
