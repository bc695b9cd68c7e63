/** What Supabase's own advisors say of the migrated database, asked as a new machine would. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { SUPABASE_CLI } from "../../local/supabase_cli.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

/** A new index has never been used. */
const EXPECTED = ["unused_index"];
/** The first time, the CLI is downloaded. */
const TIMEOUT_MS = 180_000;

interface Advice {
  name: string;
  detail: string;
}

/** What the advisors find, with a home folder that holds nothing yet. */
async function adviceOn(url: string, home: string): Promise<Advice[]> {
  const about = ["db", "advisors", `--remote=${url}`, "--level", "info"];
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", SUPABASE_CLI, ...about, "--output-format", "json"],
    cwd: home,
    env: { HOME: home, npm_config_cache: `${home}/npm`, DO_NOT_TRACK: "1", CI: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, `the CLI failed: ${error}`);
  const { results }: { results: Advice[] } = JSON.parse(out ?? "");
  assert.ok(Array.isArray(results), out);
  return results.filter(({ name }) => !EXPECTED.includes(name));
}

Deno.test("Supabase's advisors find nothing but indexes that were never used", async () => {
  const home = await Deno.makeTempDir({ prefix: "switchboard_home_" });
  await using database = await createTestDatabase();
  try {
    assert.deepEqual(await adviceOn(database.url(), home), []);

    const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
    await sql`create table public.open_to_all (id integer)`;
    await sql`grant all on public.open_to_all to anon`.finally(() => sql.end());
    const found = await adviceOn(database.url(), home);
    assert.ok(found.some(({ name }) => name === "rls_disabled_in_public"), "they look at all");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
