/** One run: so many seconds of requests from one seed, with all that must hold in between. */
import assert from "node:assert/strict";
import type { FuzzCase } from "./fuzz_case.ts";
import { Finding, FuzzStack } from "./fuzz_stack.ts";
import { makeCase, makeUnsigned } from "./make_case.ts";
import { functionMemory } from "./memory.ts";
import { Random } from "./random.ts";

const BATCH = 40;
/** What the first requests load and compile is no leak. */
const WARM_UP_REQUESTS = 400;
/** What a process may hold more than after the warm-up: V8 collects when it likes. Bytes. */
const MAXIMUM_GROWTH = 96 * 1024 * 1024;

export interface FuzzOptions {
  seed: number;
  seconds: number;
  say?: (line: string) => void;
}

/** Gives the number of requests. Throws a `Finding`. */
export async function runFuzz({ seed, seconds, say = () => {} }: FuzzOptions): Promise<number> {
  await using stack = await FuzzStack.start();
  const random = new Random(seed);
  const until = performance.now() + seconds * 1000;

  const before = await stack.countRows();
  const unsigned = random.several(5 * BATCH, () => makeUnsigned(random, stack.names));
  await stack.hold(unsigned);
  assert.deepEqual(await stack.countRows(), before, "unsigned requests have left rows");

  let [sent, warm] = [unsigned.length, {} as Record<string, number>];
  let last: FuzzCase[] = [];
  while (performance.now() < until || sent < WARM_UP_REQUESTS + BATCH) {
    const fresh = random.several(BATCH, () => makeCase(random, stack.names));
    // Some come again, as Twilio repeats what it thinks was lost.
    const repeated = last.filter(() => random.chance(0.1));
    await stack.hold([...fresh, ...repeated]);
    [last, sent] = [fresh, sent + fresh.length + repeated.length];
    if (sent > WARM_UP_REQUESTS && Object.keys(warm).length === 0) warm = await functionMemory();
    say(`${sent} requests`);
  }
  const grown = await functionMemory();
  say(`memory ${describe(warm)}, then ${describe(grown)}`);
  for (const [name, bytes] of Object.entries(grown)) {
    if (bytes - (warm[name] ?? 0) > MAXIMUM_GROWTH) {
      throw new Finding(`${name} has grown from ${warm[name]} to ${bytes} bytes`, null);
    }
  }
  await stack.answersStill();
  return sent;
}

/** Sends these cases, one after the other. Throws a `Finding`. */
export async function replay(cases: FuzzCase[]): Promise<void> {
  await using stack = await FuzzStack.start();
  for (const each of cases) await stack.hold([each]);
  await stack.answersStill();
}

function describe(memory: Record<string, number>): string {
  return Object.entries(memory).map(([name, bytes]) => `${name} ${bytes >> 20} MB`).join(", ");
}
