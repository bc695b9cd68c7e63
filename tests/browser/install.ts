/** `deno task browser`: puts Chromium there where it is missing, and says how it went. */
import { findChromium, installChromium } from "./chromium.ts";

const path = await findChromium() ?? await installChromium(say);
say(path ? `Chromium is ${path}` : "The tests in tests/browser will be skipped");
Deno.exit(path ? 0 : 1);

function say(text: string) {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
