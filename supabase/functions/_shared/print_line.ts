/** The one place that writes to the log. */

/** Prints one line where the platform collects a function's log. */
export function printLine(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}
