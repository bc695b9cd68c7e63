/** What a run of benchmarks is told. */
import { parseArgs } from "node:util";

export interface BenchOptions {
  /** Rounds that count; one more warms up. */
  rounds: number;
  /** Each side of a round. Milliseconds. */
  roundMs: number;
  /** How many messages the tables hold where growth is measured. */
  messages: number;
  /** How long the soak lasts. Seconds. */
  soakSeconds: number;
  names: string[];
}

const LONG = { rounds: 9, roundMs: 3_000, messages: 1_000_000, soakSeconds: 60 };
const SHORT = { rounds: 2, roundMs: 700, messages: 20_000, soakSeconds: 30 };

/** The options in these arguments. Throws an Error that says what is wrong with them. */
export function readOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    allowPositionals: true,
    options: {
      short: { type: "boolean", default: false },
      rounds: { type: "string" },
      "round-ms": { type: "string" },
      messages: { type: "string" },
      "soak-seconds": { type: "string" },
    },
  });
  const usual = values.short ? SHORT : LONG;
  return {
    names: positionals,
    rounds: count("rounds", values.rounds) ?? usual.rounds,
    roundMs: count("round-ms", values["round-ms"]) ?? usual.roundMs,
    messages: count("messages", values.messages) ?? usual.messages,
    soakSeconds: count("soak-seconds", values["soak-seconds"]) ?? usual.soakSeconds,
  };
}

function count(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new Error(`Cannot read --${name} "${value}": it is no whole number above 0`);
}
