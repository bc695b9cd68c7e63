/** Runs the steps one after the other, and lets no secret into what is shown. */
import { showCommand, type Step } from "./plan.ts";

export interface Run {
  /** The folder that holds `supabase/`. */
  folder: string;
  /** What must never be shown. */
  secrets: readonly string[];
  say: (text: string) => void;
}

/** Throws an Error that names the step which failed; those before it stay done. */
export async function runSteps(steps: readonly Step[], run: Run): Promise<void> {
  for (const [index, { title, command }] of steps.entries()) {
    run.say(`\n${index + 1}. ${title}\n   ${showCommand(command)}`);
    const [program = "", ...args] = command;
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: run.folder,
      stdin: "null",
    }).output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    const shown = withoutSecrets(said, run.secrets).trimEnd();
    if (shown) run.say(shown.replaceAll(/^/gm, "   "));
    if (code !== 0) throw new Error(`Cannot go on: "${title}" ended with ${code}`);
  }
}

/** The longest first: one secret may be part of another. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, "***"), text);
}
