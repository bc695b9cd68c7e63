/** How a task of the operator ends: with its own exit code, or with 2 and the reason. */

/** Runs `main`, whose result becomes the exit code; what it throws is said, and the code is 2. */
export async function runTask(main: () => Promise<number>): Promise<void> {
  try {
    Deno.exitCode = await main();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    Deno.exitCode = 2;
  }
}

/** The only voice of a task. */
export function say(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

/** The arguments without the `--` that some shells' habits leave in. */
export function argumentsGiven(): string[] {
  return Deno.args.filter((argument) => argument !== "--");
}
