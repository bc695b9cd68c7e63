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

/**
 * Sends `fragment` events with id and HTML until the page goes, each part at its own pace: one that
 * waits for the database holds up no other. `looked` says whether all could be read.
 */
export function streamFragments(context: Context, live: Live): Response {
  return streamSSE(context, async (stream) => {
    const looks = new Map<string, "well" | "troubled">();
    await Promise.all(live.fragments.map((fragment) => follow(stream, fragment, { live, looks })));
  });
}

interface Following {
  live: Live;
  /** How each part's last look went. */
  looks: Map<string, "well" | "troubled">;
}

async function follow(
  stream: SSEStreamingApi,
  { id, render }: Fragment,
  { live, looks }: Following,
) {
  let sent: string | undefined;
  while (!stream.aborted && !stream.closed) {
    const html = await htmlOf(render).catch(() => undefined);
    // What could not be read stays on the page as it was last known.
    if (html !== undefined && html !== sent) {
      await stream.writeSSE({ event: "fragment", data: JSON.stringify({ id, html }) });
      sent = html;
    }
    looks.set(id, html === undefined ? "troubled" : "well");
    if (looks.size === live.fragments.length) {
      const isTroubled = [...looks.values()].includes("troubled");
      await stream.writeSSE({ event: "looked", data: isTroubled ? "trouble" : "" });
    }
    await live.pulse.next(live.everyMs);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
  }
}

/** The HTML of what is rendered; what it holds of customers is escaped by JSX. */
async function htmlOf(render: Fragment["render"]): Promise<string> {
  return String(await render());
}
