/** Sees to it that there is Chromium. */
import { findChromium, installChromium } from "../browser/chromium.ts";

/** Where Chromium is missing and cannot be installed, its tests count as skipped. */
export async function prepareBrowser(say: (text: string) => void): Promise<void> {
  if (await findChromium() ?? await installChromium(say)) return;
  say("Without Chromium the tests in tests/browser are skipped");
}
