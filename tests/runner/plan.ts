/** Makes jobs of the files that are to run, in the order in which they start: long ones first. */
import { denoJob } from "./deno_job.ts";
import type { Job } from "./job.ts";
import { prepareBrowser } from "./prepare_browser.ts";
import { sqlJob } from "./sql_job.ts";

const WITHOUT_NETWORK = ["--allow-read", "--allow-env"];
const ALL = ["--allow-all"];

/** What they break, others would feel. */
const ALONE = ["tests/faults/"];

/** `files` as seen from the root of the repository. */
export function plan(files: string[], say: (text: string) => void): Job[] {
  const left = new Set(files);
  const take = (...beginnings: string[]) => {
    const taken = [...left].filter((file) => beginnings.some((start) => file.startsWith(start)));
    for (const file of taken) left.delete(file);
    return taken;
  };
  const needsBrowser = files.some((file) => file.startsWith("tests/browser/"));
  const ready = needsBrowser ? prepareBrowser(say) : Promise.resolve();
  const alone = batches(take(...ALONE), 1);
  const sql = take("supabase/tests/");
  const functions = batches(take("tests/functions/"), 100);
  const local = batches(take("tests/local/"), 4);
  const browser = batches(take("tests/browser/"), 1);
  return [
    ...(sql.length > 0 ? [sqlJob(sql, "2026"), sqlJob(sql, "older")] : []),
    ...local.map((some) => denoJob(some, { permissions: ALL })),
    ...batches([...left], 1).map((some) => denoJob(some, { permissions: ALL })),
    ...functions.map((some) => denoJob(some, { permissions: WITHOUT_NETWORK })),
    ...browser.map((some) => denoJob(some, { permissions: ALL, ready })),
    ...alone.map((some) => denoJob(some, { permissions: ALL, ready, alone: true })),
  ];
}

function batches(files: string[], size: number): string[][] {
  const count = Math.ceil(files.length / size);
  return Array.from({ length: count }, (_, i) => files.slice(i * size, (i + 1) * size));
}
