/** Whether database, functions and Twilio agree what time it is. */
import { type Result, resultsOf } from "./result.ts";

const find = resultsOf("clock");

/** A send in doubt is recognised by its time, which may differ by so much. Milliseconds. */
const TOLERATED_MS = 10_000;

/** How far each clock is ahead of this machine's, which itself does not matter. Milliseconds. */
export interface Clocks {
  database: number | undefined;
  functions: number | undefined;
  twilio: number | undefined;
}

/** Compares each with the database's, by which everything is decided. */
export function checkClock({ database, functions, twilio }: Clocks): Result[] {
  if (database === undefined) return [find("unasked", "the database does not tell its time")];
  const others = Object.entries({ functions, twilio })
    .filter((entry): entry is [string, number] => entry[1] !== undefined)
    .map(([name, aheadMs]) => ({ name, seconds: Math.round((aheadMs - database) / 1000) }));
  const off = others.filter(({ seconds }) => Math.abs(seconds) * 1000 > TOLERATED_MS);
  if (off.length === 0) {
    const agree = others.map(({ name, seconds }) => `${name} ${seconds} s`).join(", ");
    return [find("ok", `beside the database: ${agree || "nobody tells the time"}`)];
  }
  return off.map(({ name, seconds }) =>
    find(
      "wrong",
      `the clock of ${name} is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} ` +
        "the database's: a send in doubt may not be recognised",
      "set the clock of the machine that is off; on a hosted project, tell Supabase",
    )
  );
}
