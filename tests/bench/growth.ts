/**
 * What a step costs when the tables are full, against the same step when they are nearly empty; and
 * in a conversation of a hundred thousand messages. Beside it, what a message writes into Postgres'
 * log just after a checkpoint, when the first change of a page writes all of that page.
 */
import { startBenchDatabases } from "./bench_database.ts";
import { type Figure, figureOf, quantile, rounded } from "./figures.ts";
import { noTimes, seed, startSide, STEPS, type Times } from "./growth_side.ts";
import type { BenchOptions } from "./options.ts";
import { say } from "./print.ts";

const FEW_MESSAGES = 1_000;
const MESSAGES_EACH = 20;
/** How long the one long conversation is, at most. */
const LONG_CONVERSATION = 100_000;
/** Passes through all steps in one round. */
const PASSES = 150;
const TARGET = { atMost: 1.2 };

export async function benchGrowth(options: BenchOptions): Promise<Figure[]> {
  await using databases = await startBenchDatabases(["few", "many", "long"]);
  const { few, many, long } = databases.byName;
  await seed(few, FEW_MESSAGES, MESSAGES_EACH);
  await seed(many, options.messages, MESSAGES_EACH);
  const inOne = Math.min(LONG_CONVERSATION, options.messages);
  await seed(long, inOne, inOne);

  const sides = {
    few: await startSide(few, FEW_MESSAGES, MESSAGES_EACH),
    many: await startSide(many, options.messages, MESSAGES_EACH),
    long: await startSide(long, inOne, inOne),
  };
  const rounds: Record<keyof typeof sides, Times>[] = [];
  for (let round = 0; round <= options.rounds; round++) {
    // Pass by pass in turn: what else the machine does meets all sides alike.
    const times = { few: noTimes(), many: noTimes(), long: noTimes() };
    await few.admin`checkpoint`; // Of the cluster, which all three are in.
    for (let pass = 0; pass < PASSES; pass++) {
      for (const name of ["few", "many", "long"] as const) await sides[name].pass(times[name]);
    }
    if (round > 0) rounds.push(times);
  }
  await Promise.all(Object.values(sides).map((side) => side.end()));

  print(rounds, options.messages, inOne);
  return STEPS.flatMap((step) => [
    figureOf(`growth.${step}`, rounds.map((r) => p50(r.many[step]) / p50(r.few[step])), TARGET),
    figureOf(
      `growth.${step}.one_conversation`,
      rounds.map((r) => p50(r.long[step]) / p50(r.few[step])),
      TARGET,
    ),
  ]).concat(figureOf("growth.log_kb_per_message", rounds.map((r) => logKb(r.many))));
}

function p50(times: number[]): number {
  return quantile(times, 0.5);
}

/** The mean, since whole pages come with some messages and not with others. */
function logKb({ logBytes }: Times): number {
  return logBytes.reduce((sum, bytes) => sum + bytes, 0) / logBytes.length / 1000;
}

function print(rounds: Record<string, Times>[], many: number, inOne: number) {
  say(`\ngrowth, p50 ms    ${FEW_MESSAGES} messages    ${many} messages    ${inOne} in one`);
  const row = (name: string, of: (times: Times) => number) => {
    const columns = ["few", "many", "long"].map((side) => {
      const values = rounds.map((round) => of(round[side] ?? noTimes()));
      return String(rounded(quantile(values, 0.5))).padStart(15);
    });
    say(name.padEnd(15) + columns.join(""));
  };
  for (const step of STEPS) row(step, (times) => p50(times[step]));
  row("log, kB", logKb);
}
