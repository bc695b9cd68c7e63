/** `audit:verify` and `audit:anchor` as a person runs them, against the API. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Sql } from "postgres";
import { SECRET_KEY } from "../../local/credentials.ts";
import { forgeChain, openAudit, rowsOf, writeChains } from "../support/audit_chains.ts";
import { gatewayWith } from "./gateway_fixture.ts";

type Task = "verify" | "anchor";

async function run(task: Task, environment: Record<string, string>, ...args: string[]) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `local/audit_${task}.ts`, ...args],
    env: { SUPABASE_SECRET_KEYS: "", SUPABASE_SERVICE_ROLE_KEY: "", ...environment },
    stdout: "piped",
    stderr: "inherit",
  }).output();
  return { code, text: new TextDecoder().decode(stdout) };
}

/** An API on a database with chains, as the local stack has it; what is written goes into `folder`. */
async function start() {
  await using starting = new AsyncDisposableStack();
  const gateway = starting.use(await gatewayWith(""));
  const folder = await Deno.makeTempDir();
  starting.defer(() => Deno.remove(folder, { recursive: true }));
  const chains = await writeChains(gateway.sql, 3, 4);
  const local = { SWITCHBOARD_PORT: String(Number(new URL(gateway.url).port) - 1) };
  const file = join(folder, "anchor.jsonl");
  const all = starting.move();
  return { ...gateway, chains, local, file, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function cutOff(sql: Sql, chain: string) {
  await openAudit(sql);
  await sql`delete from cc_audit_logs where id = ${(await rowsOf(sql, chain)).at(-1) ?? ""}`;
}

Deno.test("audit:verify says that nothing is broken, and counts what it read", async () => {
  await using test = await start();
  const { code, text } = await run("verify", test.local);
  assert.equal(text, "Verified 4 chains with 12 rows\nNothing is broken\n");
  assert.equal(code, 0);
});

Deno.test("audit:verify names the first broken row, of all or of one conversation", async () => {
  await using test = await start();
  const [first = "", second = ""] = test.chains;
  await cutOff(test.sql, first);
  const rows = await rowsOf(test.sql, first);
  const { code, text } = await run("verify", test.local);
  assert.equal(code, 1);
  assert.match(
    text,
    new RegExp(`BROKEN conversation ${first}: what stood after row ${rows[2]} is`),
  );
  assert.match(text, /1 broken\n$/);
  const other = await run("verify", test.local, "--conversation", second, "--json");
  const verdict = JSON.parse(other.text);
  assert.deepEqual([other.code, verdict.ok, verdict.chainCount, verdict.rowCount], [0, true, 1, 4]);
});

Deno.test("audit:anchor writes each chain's head, and never over another file", async () => {
  await using test = await start();
  const { code, text } = await run("anchor", test.local, "--out", test.file);
  assert.equal(code, 0, text);
  const lines = (await Deno.readTextFile(test.file)).trim().split("\n");
  assert.equal(lines.length, 5);
  const heads = lines.slice(0, -1).map((line) => JSON.parse(line));
  assert.deepEqual(heads.slice(1).map(({ chainId }) => chainId), [...test.chains].sort());
  assert.deepEqual(heads.map(({ rowCount }) => rowCount), [0, 4, 4, 4]);
  const { chainCount, rowCount, digest } = JSON.parse(lines.at(-1) ?? "");
  assert.deepEqual([chainCount, rowCount], [4, 12]);
  assert.match(text, new RegExp(`^Anchored 4 chains with 12 rows in .*\nDigest ${digest}`));
  const again = await run("anchor", test.local, "--out", test.file);
  assert.deepEqual([again.code, /^Cannot write/.test(again.text)], [2, true]);
  assert.deepEqual((await Deno.readTextFile(test.file)).trim().split("\n"), lines);
});

Deno.test("audit:anchor anchors no chain that is broken", async () => {
  await using test = await start();
  await cutOff(test.sql, test.chains[1] ?? "");
  const { code, text } = await run("anchor", test.local, "--out", test.file);
  assert.deepEqual([code, /^Cannot anchor: chain/.test(text)], [1, true]);
  await assert.rejects(Deno.stat(test.file), Deno.errors.NotFound);
});

Deno.test("audit:verify finds against an anchor what fits together again", async () => {
  await using test = await start();
  const [cut = "", rewritten = "", vanished = ""] = test.chains;
  await run("anchor", test.local, "--out", test.file);
  await writeChains(test.sql, 2, 1);
  const before = await run("verify", test.local, "--anchor", test.file);
  assert.deepEqual([before.code, /Compared 4 chains/.test(before.text)], [0, true], before.text);

  await cutOff(test.sql, cut);
  await forgeChain(test.sql, cut);
  const row = (await rowsOf(test.sql, rewritten))[1] ?? "";
  await test.sql`update cc_audit_logs set actor_type = 'human' where id = ${row}`;
  await forgeChain(test.sql, rewritten);
  await test.sql`delete from cc_audit_logs where conversation_id = ${vanished}`;
  await test.sql`delete from cc_private.audit_chains where id = ${vanished}`;

  assert.equal((await run("verify", test.local)).code, 0, "without an anchor it fits");
  const { code, text } = await run("verify", test.local, "--anchor", test.file, "--json");
  const { problems } = JSON.parse(text);
  const kinds = Object.fromEntries(
    problems.map(({ chainId, kind }: { chainId: string; kind: string }) => [chainId, kind]),
  );
  assert.equal(code, 1);
  assert.deepEqual(kinds, {
    [cut]: "shorter_than_anchored",
    [rewritten]: "rewritten_since_anchored",
    [vanished]: "chain_missing",
  });
});

Deno.test("audit:verify takes no anchor that is cut off or was edited", async () => {
  await using test = await start();
  await run("anchor", test.local, "--out", test.file);
  const whole = await Deno.readTextFile(test.file);
  const spoilt = [
    whole.split("\n").slice(0, -2).join("\n"),
    whole.replace(/"rowCount":4/, '"rowCount":3'),
    whole.split("\n").toSpliced(1, 1).join("\n"),
    "no anchor\n",
    "",
  ];
  for (const text of spoilt) {
    await Deno.writeTextFile(test.file, text);
    const { code, text: said } = await run("verify", test.local, "--anchor", test.file);
    assert.deepEqual([code, /not a whole anchor/.test(said)], [2, true], said);
  }
  const missing = await run("verify", test.local, "--anchor", `${test.file}.other`);
  assert.deepEqual([missing.code, /^Cannot read/.test(missing.text)], [2, true]);
});

Deno.test("audit:verify asks the project that --url names, with the secret key of the environment", async () => {
  await using test = await start();
  const keys = { SUPABASE_SECRET_KEYS: JSON.stringify({ default: SECRET_KEY }) };
  const right = await run("verify", keys, "--url", test.url);
  assert.equal(right.code, 0, right.text);
  const older = await run("verify", { SUPABASE_SERVICE_ROLE_KEY: SECRET_KEY }, "--url", test.url);
  assert.equal(older.code, 0, older.text);
  const wrong = await run("verify", { SUPABASE_SERVICE_ROLE_KEY: "x" }, "--url", test.url);
  assert.deepEqual([wrong.code, /Cannot verify audit chain/.test(wrong.text)], [2, true]);
  const none = await run("verify", {}, "--url", test.url);
  assert.deepEqual([none.code, /SUPABASE_SECRET_KEYS is missing/.test(none.text)], [2, true]);
});

Deno.test("the audit tasks exit with 2 when nobody answers, or an option is unknown", async () => {
  for (const task of ["verify", "anchor"] as const) {
    const unknown = await run(task, {}, "--fast");
    assert.deepEqual([unknown.code, /--fast/.test(unknown.text)], [2, true]);
  }
  const nobody = await run("verify", { SWITCHBOARD_PORT: "65530" });
  assert.deepEqual([nobody.code, /unreachable/.test(nobody.text)], [2, true]);
});
