/** Makes jobs of the files that are to run, in the order in which they start: long ones first. */
import { denoJob } from "./deno_job.ts";
import type { Job } from "./job.ts";
import { prepareBrowser } from "./prepare_browser.ts";
import { sqlJob } from "./sql_job.ts";

const WITHOUT_NETWORK = ["--allow-read", "--allow-env"];
const ALL = ["--allow-all"];

/** `files` as seen from the root of the repository. */
export function plan(files: string[], say: (text: string) => void): Job[] {
  const left = new Set(files);
  const take = (folder: string) => {
    const taken = [...left].filter((file) => file.startsWith(`${folder}/`));
    for (const file of taken) left.delete(file);
    return taken;
  };
  const sql = take("supabase/tests");
  const functions = batches(take("tests/functions"), 100);
  const local = batches(take("tests/local"), 6);
  const browser = batches(take("tests/browser"), 1);
  const faults = batches(take("tests/faults"), 1);
  const ready = browser.length > 0 ? prepareBrowser(say) : Promise.resolve();
  return [
    ...(sql.length > 0 ? [sqlJob(sql, "2026"), sqlJob(sql, "older")] : []),
    ...batches([...left], 1).map((some) => denoJob(some, { permissions: ALL })),
    ...local.map((some) => denoJob(some, { permissions: ALL })),
    ...functions.map((some) => denoJob(some, { permissions: WITHOUT_NETWORK })),
    ...browser.map((some) => denoJob(some, { permissions: ALL, ready })),
    ...faults.map((some) => denoJob(some, { permissions: ALL, alone: true })),
  ];
}

function batches(files: string[], size: number): string[][] {
  const count = Math.ceil(files.length / size);
  return Array.from({ length: count }, (_, i) => files.slice(i * size, (i + 1) * size));
}
