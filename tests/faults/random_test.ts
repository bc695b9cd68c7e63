/**
 * Many conversations under faults that come as they like, by a seed which is printed: the same seed
 * makes the same schedule. `SWITCHBOARD_FAULT_SEED` picks one, `SWITCHBOARD_FAULT_STEPS` the length.
 */
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

/** Seeds that once found something: they must never find it again. */
const REGRESSIONS: { seed: number; found: string }[] = [];

const STEPS = Number(Deno.env.get("SWITCHBOARD_FAULT_STEPS") ?? 60);
const SEED = Number(Deno.env.get("SWITCHBOARD_FAULT_SEED") ?? Date.now() % 1_000_000);
const CUSTOMERS = 8;

/** Each weighs as much as any other; writing is done in every step besides. */
const FAULTS: [target: string, mode: string][] = [
  ["twilio", "refuse:20429"],
  ["twilio", "status:500"],
  ["twilio", "slow:700"],
  ["twilio", "accept_then_hang"],
  ["twilio", "callbacks:none"],
  ["twilio", "callbacks:shuffled"],
  ["twilio", "callbacks:repeated"],
  ["openai", "status:500"],
  ["openai", "status:429"],
  ["openai", "slow:700"],
  ["openai", "nonsense"],
  ["pg_net", "lose_queue"],
  ["webhooks", "drop"],
  ["database", "kill"],
  ["function:twilio-webhook", "kill"],
  ["function:twilio-webhook", "kill_at:after_commit"],
  ["function:twilio-webhook", "kill_at:before_ingest"],
  ["function:orchestrator", "kill"],
  ["function:orchestrator", "kill_at:after_claim"],
  ["function:orchestrator", "kill_at:after_model"],
  ["function:orchestrator", "kill_at:after_complete"],
  ["function:orchestrator", "kill_at:before_post"],
  ["function:orchestrator", "kill_at:after_post"],
  ["function:orchestrator", "kill_at:after_record"],
  ["function:twilio-sync", "kill_at:after_list"],
  ["function:twilio-sync", "kill_at:before_settle"],
];

for (const { seed, found } of REGRESSIONS) {
  Deno.test(`seed ${seed} finds no more that ${found}`, () => runSeed(seed));
}

Deno.test(`a random schedule of faults keeps every promise (seed ${SEED}, ${STEPS} steps)`, () =>
  runSeed(SEED));

async function runSeed(seed: number) {
  await using faulty = await FaultStack.start();
  await faulty.query("update cc_settings set max_failures = 50, max_send_attempts = 50");
  const random = generator(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const customers = Array.from({ length: CUSTOMERS }, () => faulty.newCustomer());
  const underWay = new Set<Promise<unknown>>();
  const delivered: string[] = [];

  for (let step = 0; step < STEPS; step++) {
    const [target, mode] = pick(FAULTS);
    // A fault that cannot be pressed now (its process is just starting) is no finding.
    if (random() < 0.5) await faulty.press(target, mode).catch(() => {});
    if (random() < 0.2 && delivered.length > 0) {
      track(underWay, faulty.write("", "", { MessageSid: pick(delivered) }));
    }
    track(
      underWay,
      faulty.write(pick(customers), `Step ${step}`).then((r) => delivered.push(r.messageSid)),
    );
    if (random() < 0.3) await faulty.endLeases().catch(() => {});
    if (random() < 0.1) await faulty.ringSync().catch(() => {});
    await new Promise((done) => setTimeout(done, random() * 300));
  }

  await Promise.all(underWay);
  await faulty.clearFaults();
  await faulty.bringLost();
  await faulty.endLeases();
  await keepsItsPromises(faulty);
}

function track(underWay: Set<Promise<unknown>>, work: Promise<unknown>) {
  const done = work.finally(() => underWay.delete(done));
  underWay.add(done);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
