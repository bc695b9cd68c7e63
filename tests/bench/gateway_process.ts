/** A gateway in a process of its own, so that who makes the load does not share its thread. */
import { startGateway } from "../../local/gateway.ts";
import type { FunctionOrigins } from "../../local/gateway/forward.ts";

const { databaseUrl, origins }: { databaseUrl: string; origins: Record<string, string> } = JSON
  .parse(Deno.args[0] ?? "{}");
const functions: FunctionOrigins = {
  has: (name) => name in origins,
  originOf: (name) => origins[name],
  untilUp: (name) => Promise.resolve(origins[name]),
};
const gateway = await startGateway({ port: Number(Deno.args[1]), databaseUrl, functions });
await Deno.stdout.write(new TextEncoder().encode(`${gateway.url}\n`));
// Ends with whoever started it.
for await (const _ of Deno.stdin.readable);
Deno.exit(0);
