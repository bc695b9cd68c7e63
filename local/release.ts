/**
 * `deno task release -- 0.1.0`: keeps what the migrations are now, and data as this version makes
 * them, in supabase/releases, so that every later version is tested as an upgrade of this one.
 */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { makeManifest } from "./release/manifest.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";

const SUPABASE = fileURLToPath(new URL("../supabase", import.meta.url));

/** Statements that leave a row of every kind, written for the functions of this version. */
const DATA = fileURLToPath(new URL("../tests/fixtures/release_data.sql", import.meta.url));

async function main(): Promise<number> {
  const [version = ""] = argumentsGiven();
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error("Cannot release: say a version such as 1.2.3");
  }
  const manifest = await makeManifest(version, join(SUPABASE, "migrations"));
  const folder = join(SUPABASE, "releases", version);
  // What is released stays as it is.
  await Deno.mkdir(folder);
  await Deno.writeTextFile(
    join(folder, "manifest.json"),
    JSON.stringify(manifest, null, 2) + "\n",
  );
  await Deno.copyFile(DATA, join(folder, "data.sql"));
  const count = Object.keys(manifest.migrations).length;
  say(`supabase/releases/${version} names ${count} migrations, which are not changed from now on`);
  return 0;
}

await runTask(main);
