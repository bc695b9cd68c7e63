/** Ports that nobody listens on. */

/** Below the ports that Linux gives to outgoing connections, of which there is always a new one. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/**
 * The number of a TCP port on 127.0.0.1 that was free a moment ago; a random one, so that those who
 * ask at the same moment are given different ones.
 */
export function freePort(): number {
  for (let tries = 0; tries < 1000; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (isFree(port)) return port;
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
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
