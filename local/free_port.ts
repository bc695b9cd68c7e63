/** Ports that nobody listens on. */

/**
 * Below the ports that Linux gives to outgoing connections, of which there is always a new one, and
 * above 10080, the last of those to which `fetch` makes no request (WHATWG Fetch, "bad ports").
 */
const FIRST_PORT = 10_081;
const LAST_PORT = 32_000;

/** Another address of this machine's own, where a listener marks a number as taken. */
const MARK = "127.0.0.2";

/**
 * The number of a TCP port on 127.0.0.1 that is free. Nobody else is given it as long as this
 * process lives, whether it listens there already or not yet.
 */
export function freePort(): number {
  for (let tries = 0; tries < 1000; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (isFree(port) && mark(port)) return port;
  }
  throw new Error(`Cannot find a free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

/** Throws an Error that names each of these ports which is taken, and what it was meant for. */
export function assertFree(ports: object): void {
  const taken = Object.entries(ports).filter(([, port]) => !isFree(port));
  if (taken.length === 0) return;
  const names = taken.map(([name, port]) => `${port} (${name})`).join(", ");
  throw new Error(
    `Cannot start: already in use: port ${names}. Stop what listens there, or move the stack: SWITCHBOARD_PORT=55320`,
  );
}

function isFree(port: number): boolean {
  const listener = listen("127.0.0.1", port);
  listener?.close();
  return listener !== undefined;
}

function mark(port: number): boolean {
  const listener = listen(MARK, port);
  listener?.unref();
  return listener !== undefined;
}

/** Undefined where somebody listens already. */
function listen(hostname: string, port: number): Deno.Listener | undefined {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}
