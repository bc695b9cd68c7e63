/** What the migrations of this checkout bring about: their versions, and the schedules they make. */
import { join } from "node:path";

export interface ExpectedSchema {
  /** In order. */
  versions: string[];
  /** The names of the schedules that are there when all are applied. */
  jobs: string[];
}

const SCHEDULE = /cron\.(schedule|unschedule)\(\s*'([^']+)'/g;

/** Reads the folder `supabase/migrations`. */
export async function readExpectedSchema(folder: string): Promise<ExpectedSchema> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => /^\d+_.*\.sql$/.test(name)).sort();
  const jobs = new Set<string>();
  for (const name of names) {
    const text = await Deno.readTextFile(join(folder, name));
    for (const [, verb, job = ""] of text.matchAll(SCHEDULE)) {
      if (verb === "schedule") jobs.add(job);
      else jobs.delete(job);
    }
  }
  return { versions: names.map((name) => name.split("_")[0] ?? ""), jobs: [...jobs] };
}
