/** Which customers' phones are offline: what is sent to them is not delivered until they are back. */
export class Presence {
  readonly #offline = new Map<string, PromiseWithResolvers<void>>();

  isOffline(address: string): boolean {
    return this.#offline.has(address);
  }

  goOffline(address: string): void {
    if (!this.#offline.has(address)) this.#offline.set(address, Promise.withResolvers());
  }

  goOnline(address: string): void {
    this.#offline.get(address)?.resolve();
    this.#offline.delete(address);
  }

  /** Resolves when the phone is online, at the latest when `signal` is aborted. */
  async whenOnline(address: string, signal: AbortSignal): Promise<void> {
    const offline = this.#offline.get(address);
    if (!offline || signal.aborted) return;
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    signal.addEventListener("abort", stop);
    await Promise.race([offline.promise, aborted]);
    signal.removeEventListener("abort", stop);
  }
}
