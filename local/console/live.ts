/**
 * A page's moving parts: each is rendered again and again on the server, and sent when it has
 * changed. One stream of server-sent events per page; the page itself keeps no state.
 */
import type { Context } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import type { Child } from "hono/jsx";

export interface Fragment {
  /** The id of its element. */
  id: string;
  render: () => Child | Promise<Child>;
}

/** Told when something has happened, so that pages look at once and not at their next turn. */
export class Pulse {
  #waiting = Promise.withResolvers<void>();

  beat(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
  }

  /** Resolves at the next beat, or after `ms`. */
  async next(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#waiting.promise]);
    clearTimeout(timer);
  }
}

/** A burst of changes is one look. Milliseconds. */
const SETTLE_MS = 60;

export interface Live {
  pulse: Pulse;
  /** The longest time between two looks. Milliseconds. */
  everyMs: number;
  fragments: readonly Fragment[];
}

/** Sends `fragment` events with id and HTML until the page goes. */
export function streamFragments(context: Context, { pulse, everyMs, fragments }: Live): Response {
  const sent = new Map<string, string>();
  return streamSSE(context, async (stream) => {
    while (!stream.aborted && !stream.closed) {
      const sending = fragments.map((fragment) => sendChange(stream, fragment, sent));
      const trouble = (await Promise.allSettled(sending)).find(({ status }) =>
        status === "rejected"
      );
      // What could not be read stays on the page as it was last known.
      await stream.writeSSE({ event: "looked", data: trouble ? "trouble" : "" });
      await pulse.next(everyMs);
      await new Promise((done) => setTimeout(done, SETTLE_MS));
    }
  });
}

async function sendChange(
  stream: SSEStreamingApi,
  { id, render }: Fragment,
  sent: Map<string, string>,
) {
  const html = await htmlOf(render);
  if (sent.get(id) === html) return;
  sent.set(id, html);
  await stream.writeSSE({ event: "fragment", data: JSON.stringify({ id, html }) });
}

/** The HTML of what is rendered; what it holds of customers is escaped by JSX. */
export async function htmlOf(render: Fragment["render"]): Promise<string> {
  return String(await render());
}
