import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { applyMigrations } from "../../local/migrate.ts";
import { splitStatements } from "../../local/sql_statements.ts";
import { SUPABASE_CLI } from "../../local/supabase_cli.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

/** Everything that may hide a semicolon or a comment. */
const AWKWARD = `-- why; of the first
create table public.notes (id int, "odd;name" text default 'it''s; here');

/* of the /* nested; */ second */
create function public.one() returns int language plpgsql as $body$
begin
  return 1; -- $$;
end
$body$;
create function public.two() returns int language sql
begin atomic
  select case when true then 2 else 0 end;
end;
insert into public.notes values (1, E'a\\'; b'), (2, $$;$$);
;
comment on table public.notes is 'last'
`;

Deno.test("applyMigrations() applies each file once, in order, and records it", async () => {
  await using place = await openPlace({
    "20260101000002_second.sql": "insert into public.notes values (2);",
    "20260101000001_first.sql": "create table public.notes (id int);",
    "notes.txt": "no migration",
  });
  assert.deepEqual(await place.apply(), ["20260101000001_first.sql", "20260101000002_second.sql"]);
  assert.deepEqual(await place.apply(), []);
  await place.write("20260101000003_third.sql", "insert into public.notes values (3);");
  assert.deepEqual(await place.apply(), ["20260101000003_third.sql"]);
  assert.deepEqual((await place.sql`select id from public.notes`).map(({ id }) => id), [2, 3]);
});

Deno.test("applyMigrations() rolls a failing file back whole, and says where and why", async () => {
  await using place = await openPlace({
    "20260101000001_good.sql": "create table public.kept ();",
    "20260101000002_bad.sql":
      "create table public.lost ();\n\n-- why\nselect 1,\n  nothing;\nselect 2;\n",
  });
  await assert.rejects(place.apply(), {
    message: 'Cannot apply 20260101000002_bad.sql:5: column "nothing" does not exist ' +
      "(SQLSTATE 42703)",
  });
  const [found] = await place.sql`
    select to_regclass('public.kept') as kept, to_regclass('public.lost') as lost`;
  assert.deepEqual({ ...found }, { kept: "kept", lost: null });
  assert.deepEqual(await place.versions(), ["20260101000001"]);
});

Deno.test("applyMigrations() passes a migration's own hint on", async () => {
  await using place = await openPlace({
    "20260101000001_hint.sql": `
      do $$
      begin
        raise exception 'no' using errcode = 'ZZ001', hint = 'try again';
      end
      $$;`,
  });
  await assert.rejects(place.apply(), /hint\.sql:2: no \(SQLSTATE ZZ001\)[^]*Hint: try again/);
});

Deno.test({
  name: "applyMigrations() and the Supabase CLI make the same record and continue each other",
  ignore: !await hasNpx(),
  fn: continueEachOther,
});

Deno.test("splitStatements() keeps each statement with its comments and its line", () => {
  assert.deepEqual(
    splitStatements(AWKWARD).map(({ text, line }) => [line, text.slice(0, 20), text.at(-1)]),
    [
      [1, "-- why; of the first", ")"],
      [4, "/* of the /* nested;", "$"],
      [10, "create function publ", "d"],
      [14, "insert into public.n", ")"],
      [16, "comment on table pub", "'"],
    ],
  );
});

async function continueEachOther() {
  const files = { "20260101000001_awkward thing.sql": AWKWARD };
  await using ours = await openPlace(files);
  await using theirs = await openPlace(files);
  await ours.apply();
  await theirs.push();
  assert.deepEqual(await ours.record(), await theirs.record());

  assert.match(await ours.push(), /up to date/);
  assert.deepEqual(await theirs.apply(), []);

  for (const place of [ours, theirs]) {
    await place.write("20260101000002_more.sql", "select public.one(), public.two();");
  }
  await ours.push();
  await theirs.apply();
  assert.deepEqual(await ours.record(), await theirs.record());
}

/** An unmigrated database of its own, and a project folder with these migrations. */
async function openPlace(files: Record<string, string>) {
  const database = await createTestDatabase();
  const project = await Deno.makeTempDir();
  const folder = join(project, "supabase/migrations");
  await Deno.mkdir(folder, { recursive: true });
  const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  // The copy knows the service's own migrations, which the CLI would miss in the folder.
  await sql`drop schema supabase_migrations cascade`;
  const record = async () =>
    (await sql`select * from supabase_migrations.schema_migrations order by version`)
      .map((row) => ({ ...row }));
  return {
    sql,
    write,
    record,
    versions: async () => (await record()).map(({ version }) => version),
    apply: () => applyMigrations(database.url(), folder),
    push: () => push(project, database.url()),
    async [Symbol.asyncDispose]() {
      await sql.end();
      await database.drop();
      await Deno.remove(project, { recursive: true });
    },
  };
}

/** Runs the CLI's `db push` and gives what it said. */
async function push(project: string, url: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", SUPABASE_CLI, "db", "push", `--remote=${url}`, "--yes"],
    cwd: project,
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, said);
  return said;
}

async function hasNpx(): Promise<boolean> {
  const version = new Deno.Command("npx", { args: ["--version"] });
  return await version.output().then(({ success }) => success, () => false);
}
