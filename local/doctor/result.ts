/** What a check of the doctor finds, and what is to be done about it. */

/** "unasked": nobody answered, so nothing is known; "hint": it works, and could be better. */
export type Level = "ok" | "hint" | "wrong" | "unasked";

export interface Result {
  /** What was looked at, stable for scripts: `settings`, `vault`, `schedules`, … */
  check: string;
  level: Level;
  /** What was found, in a sentence without its full stop. No secret is ever in it. */
  text: string;
  /** What to do, as a command where there is one. */
  todo?: string;
}

export type Find = (level: Level, text: string, todo?: string) => Result;

/** Makes the results of one check. */
export function resultsOf(check: string): Find {
  return (level, text, todo) => ({ check, level, text, ...(todo ? { todo } : {}) });
}

/** The results of a check, or that it is well in these words when there is nothing to say. */
export function orWell(results: Result[], check: string, text: string): Result[] {
  return results.length > 0 ? results : [{ check, level: "ok", text }];
}
