/**
 * A turn: from the message's transaction to the reply's arrival at Twilio, with a model that takes no
 * time and no debounce, against the same two calls without a database; idle, under steady traffic, and
 * all at once. The webhook's own ring is measured beside pg_net's.
 */
import { platformDeno } from "../../local/packages.ts";
import { startFunctions } from "../../local/functions.ts";
import { IMPORT_MAP } from "../../local/stack.ts";
import { eventually } from "../support/eventually.ts";
import { startTestStackWithPostgres, type TestStackWithPostgres } from "../support/test_stack.ts";
import { type Figure, figureOf, quantile, rounded } from "./figures.ts";
import { addressOf } from "./messages.ts";
import type { BenchOptions } from "./options.ts";
import { say } from "./print.ts";
import { type Recorder, startRecorder } from "./twilio_recorder.ts";

/** Longer than pg_net's pause: after it, it is idle. Milliseconds. */
const IDLE_PAUSE_MS = 1_300;
const STEADY_PER_SECOND = 5;
const AT_ONCE = 100;

type Ring = "pg_net" | "direct";

interface Times {
  idle: number[];
  steady: number[];
  turnsPerSecond: number;
}

export async function benchTurn(options: BenchOptions): Promise<Figure[]> {
  const count = Math.max(10, Math.round(options.rounds * options.roundMs / 1000));
  const floor = await measureFloor(count);
  const byRing: Record<Ring, Times> = {
    pg_net: await measureTurns("off", count),
    direct: await measureTurns("on", count),
  };
  say(`\nturn, ms                  p50 idle   p99 idle p50 steady p99 steady  turns/s at once`);
  print("model and Twilio alone", floor);
  print("ring by pg_net", byRing.pg_net);
  print("and by the webhook", byRing.direct);
  const over = (times: number[]) => times.map((ms) => ms - quantile(floor.idle, 0.5));
  return [
    figureOf(
      "turn.p50_over_floor_ms",
      worse(over(byRing.direct.idle), over(byRing.direct.steady)),
      {
        atMost: 60,
      },
    ),
    figureOf("turn.p50_over_floor_ms.idle", over(byRing.direct.idle), { atMost: 60 }),
    figureOf("turn.p50_over_floor_ms.steady", over(byRing.direct.steady), { atMost: 60 }),
    figureOf("turn.p50_over_floor_ms.steady_by_pg_net", over(byRing.pg_net.steady)),
  ];
}

const worse = (a: number[], b: number[]) => quantile(a, 0.5) > quantile(b, 0.5) ? a : b;

function print(name: string, { idle, steady, turnsPerSecond }: Times) {
  const cells = [quantile(idle, 0.5), quantile(idle, 0.99), quantile(steady, 0.5)]
    .concat(quantile(steady, 0.99));
  say(
    name.padEnd(24) + cells.map((ms) => String(rounded(ms)).padStart(11)).join("") +
      String(rounded(turnsPerSecond)).padStart(17),
  );
}

async function measureTurns(ring: "on" | "off", count: number): Promise<Times> {
  await using recorder = startRecorder();
  await using test = await startTestStackWithPostgres({
    ...{ AGENTS: "openai", TWILIO_API_URL: recorder.url, DIRECT_RING: ring },
  });
  await test.sql`update cc_settings set debounce_ms = 0, turns_per_minute = 1000000 where true`;
  let customer = 0;
  const write = () => test.stack.twilio.inbound({ from: addressOf(customer++), body: "Hello" });
  await write();
  await untilArrived(recorder, 1);

  const idle = await whole(test, recorder, async () => {
    for (let sent = 0; sent < count; sent++) {
      await new Promise((done) => setTimeout(done, IDLE_PAUSE_MS));
      await write();
    }
    return count;
  });
  const steady = await whole(test, recorder, async () => {
    const sends = Array.from(
      { length: count * STEADY_PER_SECOND },
      (_, i) => new Promise((done) => setTimeout(done, i * 1000 / STEADY_PER_SECOND)).then(write),
    );
    return (await Promise.all(sends)).length;
  });
  const began = performance.now();
  await whole(
    test,
    recorder,
    async () => (await Promise.all(Array.from({ length: AT_ONCE }, write))).length,
  );
  return { idle, steady, turnsPerSecond: AT_ONCE * 1000 / (performance.now() - began) };
}

/** Milliseconds from each message of this phase to its reply. */
async function whole(
  { sql }: TestStackWithPostgres,
  recorder: Recorder,
  send: () => Promise<number>,
): Promise<number[]> {
  recorder.arrivals.clear();
  await untilArrived(recorder, await send());
  const rows = await sql<{ from_address: string; at: number }[]>`
    select from_address, extract(epoch from created_at)::float8 * 1000 as at
    from cc_messages
    where direction = 'inbound' and from_address = any (${[...recorder.arrivals.keys()]})`;
  return rows.map(({ from_address, at }) => (recorder.arrivals.get(from_address) ?? NaN) - at);
}

async function untilArrived({ arrivals }: Recorder, count: number) {
  await eventually(`${count} replies`, () => Promise.resolve(arrivals.size >= count), 60_000);
}

async function measureFloor(count: number): Promise<Times> {
  await using recorder = startRecorder();
  await using test = await startTestStackWithPostgres({ TWILIO_API_URL: recorder.url });
  const functions = await startFunctions({
    folder: new URL("./functions", import.meta.url).pathname,
    names: ["turn_floor"],
    importMap: IMPORT_MAP,
    deno: await platformDeno(),
    environment: () => test.stack.environment,
    permissions: () => ["--allow-env", "--allow-net"],
  });
  try {
    const once = async (to: string) => {
      const began = performance.timeOrigin + performance.now();
      const url = `${functions.originOf("turn_floor")}/turn_floor`;
      const response = await fetch(url, { method: "POST", body: to });
      if (!response.ok) throw new Error(`Cannot measure the floor: ${response.status}`);
      return (recorder.arrivals.get(to) ?? NaN) - began;
    };
    const times: number[] = [];
    for (let i = 0; i <= 5 * count; i++) times.push(await once(addressOf(i)));
    const began = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => once(addressOf(i))));
    const turnsPerSecond = AT_ONCE * 1000 / (performance.now() - began);
    return { idle: times.slice(1), steady: times.slice(1), turnsPerSecond };
  } finally {
    await functions.stop();
  }
}
