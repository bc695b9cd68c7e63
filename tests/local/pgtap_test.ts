import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { preparePgTap, runPgTap, type TapResult } from "../support/pgtap.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

Deno.test("runPgTap() counts what passes, fails and is skipped, with the reasons", async () => {
  const { result, counts } = await run(`
    begin;
    select plan(4);
    select ok(true, 'first');
    select is(1, 2, 'second');
    select skip('not here', 1);
    select pass('fourth');
    select * from finish();
    rollback;
  `);
  assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 1 });
  const problems = result.problems.join("\n");
  assert.match(problems, /^not ok 2 - second/);
  assert.match(problems, /have: 1\n#\s+want: 2/);
});

Deno.test("runPgTap() fails a file that ran fewer assertions than it planned, or planned none", async () => {
  const short = await run(
    "begin; select plan(2); select pass(); select * from finish(); rollback;",
  );
  assert.deepEqual(short.counts, { passed: 1, failed: 1, skipped: 0 });
  assert.deepEqual(short.result.problems, ["planned 2, ran 1"]);
  const empty = await run("select 1;");
  assert.deepEqual(empty.result.problems, ["planned nothing, ran 0"]);
});

Deno.test("runPgTap() keeps the assertions before an error and says where the error is", async () => {
  const { result } = await run("begin;\nselect plan(2);\nselect pass();\nselect nothing;\n");
  assert.equal(result.passed, 1);
  assert.equal(result.failed, 1);
  assert.match(result.problems[0]!, /^line 4: column "nothing" does not exist \(SQLSTATE 42703\)/);
});

Deno.test("runPgTap() rolls back a file that forgets to", async () => {
  const { rows } = await run("create table public.left_behind (); select plan(1); select pass();");
  assert.deepEqual(rows, [{ left_behind: null }]);
});

/** Runs one file with this text in a database of its own. */
async function run(text: string) {
  await using database = await createTestDatabase();
  await preparePgTap(database.url());
  const folder = await Deno.makeTempDir();
  const file = join(folder, "case.sql");
  await Deno.writeTextFile(file, text);
  const results: TapResult[] = [];
  const counts = await runPgTap(database.url(), [file], (_, result) => results.push(result));
  await Deno.remove(folder, { recursive: true });
  const sql = postgres(database.url(), { max: 1 });
  const rows = [...await sql`select to_regclass('public.left_behind') as left_behind`];
  await sql.end();
  return { counts, result: results[0]!, rows };
}
