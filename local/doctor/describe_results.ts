/** The doctor's results as a person reads them, and as a script does. */
import type { Result } from "./result.ts";

/** 0 fine, 1 something is wrong, 2 something could not be asked. */
export function exitCodeOf(results: readonly Result[]): 0 | 1 | 2 {
  if (results.some(({ level }) => level === "wrong")) return 1;
  return results.some(({ level }) => level === "unasked") ? 2 : 0;
}

/** One text of several lines. */
export function describeResults(results: readonly Result[]): string {
  return [...results.flatMap(linesOf), "", verdict(results)].join("\n");
}

function linesOf({ check, level, text, todo }: Result): string[] {
  const line = `${level.toUpperCase().padEnd(7)} ${check}: ${text}`;
  return todo === undefined ? [line] : [line, `        ${todo}`];
}

function verdict(results: readonly Result[]): string {
  const count = (level: string) => results.filter((result) => result.level === level).length;
  const [wrong, unasked] = [count("wrong"), count("unasked")];
  if (wrong + unasked === 0) return "Nothing is wrong";
  return [wrong > 0 && `${wrong} wrong`, unasked > 0 && `${unasked} could not be asked`]
    .filter(Boolean).join(", ");
}
