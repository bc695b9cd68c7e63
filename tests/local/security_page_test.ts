/** SECURITY.md names tests: they are there. */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.test("each row of SECURITY.md names tests, and all of them exist", async () => {
  const page = await Deno.readTextFile(join(ROOT, "SECURITY.md"));
  const rows = page.split("\n").filter((line) => /^\| [a-z]/.test(line));
  assert.ok(rows.length > 15, `only ${rows.length} rows`);
  for (const row of rows) {
    const tests = [...row.matchAll(/`((?:tests|supabase\/tests)\/[^`]+)`/g)].map(([, path]) =>
      path
    );
    assert.ok(tests.length > 0, `no test: ${row}`);
    for (const path of tests) {
      const isThere = await Deno.stat(join(ROOT, path ?? "")).then(() => true, () => false);
      assert.ok(isThere, `${path} is not there`);
    }
  }
});
