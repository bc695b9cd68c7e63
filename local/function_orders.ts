/** What a function's process is told on its stdin, and whether it has heard. */
import type { Orders } from "./function_host.ts";
import type { Arming } from "./function_points.ts";

/** A process that stands still reads its orders later; nobody waits longer for it. */
const OBEY_TIMEOUT_MS = 2_000;

export class FunctionOrders {
  #armed: Arming[] = [];
  #number = 0;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #heard = new EventTarget();

  /** The points that still wait for the function. */
  get armed(): Arming[] {
    return this.#armed.map((arming) => ({ ...arming }));
  }

  /** A process has started: it loads the function when it has heard what is armed. */
  processStarted(stdin: WritableStream<Uint8Array>): void {
    this.#writer = stdin.getWriter();
    void this.#send();
  }

  /** Whoever waits for the process to hear need not: its successor is told. */
  async processEnded(): Promise<void> {
    this.#heard.dispatchEvent(new Event("end"));
    await this.close();
  }

  /** Arms these points in place of those before; resolves when the process knows. */
  async arm(armed: Arming[]): Promise<void> {
    this.#armed = armed.filter(({ times }) => times > 0);
    await this.#send();
  }

  /** The process has come to a point, which has struck once more. */
  reached({ point, ms }: Pick<Arming, "point" | "ms">): void {
    const met = this.#armed.find((each) => each.point === point && each.ms === ms);
    if (met) met.times--;
    this.#armed = this.#armed.filter(({ times }) => times > 0);
  }

  /** The process has read the orders of this number. */
  obeyed(number: string): void {
    this.#heard.dispatchEvent(new Event(number));
  }

  /** Closes stdin, which ends the process. */
  async close(): Promise<void> {
    await this.#writer?.close().catch(() => {});
  }

  async #send(): Promise<void> {
    const orders: Orders = { number: ++this.#number, armed: this.#armed };
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, OBEY_TIMEOUT_MS);
    const listening = new AbortController();
    for (const event of [String(orders.number), "end"]) {
      this.#heard.addEventListener(event, () => resolve(), { signal: listening.signal });
    }
    const line = new TextEncoder().encode(`${JSON.stringify(orders)}\n`);
    // A process that has just ended reads nothing; the next one is told when it starts.
    this.#writer?.write(line).catch(() => resolve());
    await promise;
    clearTimeout(timer);
    listening.abort();
  }
}
