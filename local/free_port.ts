/** Ports that nobody listens on. */

/** The number of a TCP port on 127.0.0.1 that was free a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
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
