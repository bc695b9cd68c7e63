/** docs/runbook.md and docs/settings.md know everything that an operator may meet: the code says what. */
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { createTestDatabase } from "../support/test_cluster.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Every text below a folder, by the end of its name. */
async function textsIn(folder: string, end: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (isDirectory) texts.push(...await textsIn(path, end));
    else if (name.endsWith(end)) texts.push(await Deno.readTextFile(join(ROOT, path)));
  }
  return texts;
}

const runbook = await Deno.readTextFile(join(ROOT, "docs/runbook.md"));
const settings = await Deno.readTextFile(join(ROOT, "docs/settings.md"));
const sql = (await textsIn("supabase/migrations", ".sql")).join("\n");
const code = (await textsIn("supabase/functions", ".ts")).join("\n");
const agentErrors = (await textsIn("supabase/functions/orchestrator", "agent_error.ts")).join("\n");
/** Where a webhook, or an entry of Twilio's list, is rejected with a reason. */
const twilio = [
  ...await textsIn("supabase/functions/_shared/twilio", ".ts"),
  ...await textsIn("supabase/functions/twilio-sync", ".ts"),
].join("\n");
const operations = (await textsIn("supabase/functions/operations", ".ts")).join("\n");

/** What the first group of this pattern finds, each once. */
function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))].sort();
}

/** The names in the first column of a page's tables. */
function rowsOf(page: string): string[] {
  return [...page.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = ""]) => found(cell, /`([^`]+)`/g));
}

function assertInRunbook(names: string[], atLeast: number) {
  assertHasRows(runbook, names, atLeast);
}

function assertHasRows(page: string, names: string[], atLeast: number) {
  assert.ok(names.length >= atLeast, `only ${names.length} were found: ${names.join(", ")}`);
  const rows = new Set(rowsOf(page));
  assert.deepEqual(names.filter((name) => !rows.has(name)), [], "there is no row for these");
}

/** From raise_alert, and from the functions whose every row raises one. */
function alertKinds(): string[] {
  const troubles = [...sql.matchAll(/function cc_private\.(\w*troubles)\(\)[^]*?\$\$([^]*?)\$\$/g)];
  assert.ok(troubles.length >= 3, "the functions that tell of troubles were not found");
  const inTroubles = troubles.map(([, , body = ""]) => body).join("\n");
  return [
    ...found(sql, /raise_alert\(\s*'([a-z_]+)'/g),
    ...found(inTroubles, /select\s+'([a-z_]+)'/g),
  ];
}

Deno.test("the runbook has a row for each alert", () => {
  assertInRunbook(alertKinds(), 14);
});

Deno.test("the runbook has a row for each reason of the health check", () => {
  const health = /function public\.get_health[^]*?\$\$([^]*?)\$\$/.exec(sql)?.[1] ?? "";
  assertInRunbook(found(health, /select '([a-z_]+)'/g), 2);
  assertInRunbook(found(code, /kind: "(database_unreachable)"/g), 1);
  for (const kind of found(operations, /kind: "([a-z]+_[a-z_]+)"/g)) {
    assert.ok(runbook.includes(`\`${kind}\``), kind);
  }
});

Deno.test("the page of settings has a row for each setting of cc_settings", async () => {
  await using database = await createTestDatabase();
  const pool = postgres(database.url(), { max: 1, onnotice: () => {} });
  const columns = await pool`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = 'cc_settings'
      and is_generated = 'NEVER'`.finally(() => pool.end());
  const names = columns.map(({ name }) => name).filter((name) =>
    !["id", "updated_at"].includes(name)
  );
  assertHasRows(settings, names, 35);
});

Deno.test("the runbook has a row for each SQLSTATE of ours", () => {
  assertInRunbook(found(sql, /errcode = '((?:SB|PT)\w{3})'/g), 7);
});

Deno.test("the runbook has a row for each code that the functions answer or keep", () => {
  assertInRunbook(found(code, /new RequestError\(\s*"([a-z_]+)"/g), 10);
  assertInRunbook(found(agentErrors, /^ {2}([a-z]+_[a-z_]+): (?:true|false),$/gm), 9);
  assertInRunbook(found(code, /keepRejected\(\s*\w+,\s*"([a-z_]+)"/g), 3);
  assertInRunbook(found(twilio, /reason: "([a-z]+_[a-z_]+)"/g), 2);
  assertInRunbook(found(code, /outcome: "postponed", errorCode: "([a-z_]+)"/g), 1);
});
