/** Each released version becomes the newest, with its data; and the check of that is itself checked. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { makeManifest } from "../../local/release/manifest.ts";
import { tryUpgrade } from "../support/upgrade.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const MIGRATIONS = join(ROOT, "supabase/migrations");
const RELEASES = join(ROOT, "supabase/releases");

for (const { name, isDirectory } of Deno.readDirSync(RELEASES)) {
  if (!isDirectory) continue;
  Deno.test(`a database of version ${name} upgrades to the newest, and loses nothing`, async () => {
    const release = join(RELEASES, name);
    assert.deepEqual(await tryUpgrade({ release, migrations: MIGRATIONS }), []);
  });
}

/** A release of today's migrations in a folder of its own, and one migration that came after it. */
async function madeUp(next: string) {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_made_up_" });
  const [migrations, release] = [join(folder, "migrations"), join(folder, "0.0.1")];
  await Deno.mkdir(migrations);
  await Deno.mkdir(release);
  for await (const { name } of Deno.readDir(MIGRATIONS)) {
    await Deno.copyFile(join(MIGRATIONS, name), join(migrations, name));
  }
  const manifest = await makeManifest("0.0.1", migrations);
  await Deno.writeTextFile(join(release, "manifest.json"), JSON.stringify(manifest));
  const data = join(ROOT, "tests/fixtures/release_data.sql");
  await Deno.copyFile(data, join(release, "data.sql"));
  await Deno.writeTextFile(join(migrations, "29991231000000_next.sql"), next);
  return {
    migrations,
    upgrade: () => tryUpgrade({ release, migrations }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("tryUpgrade() finds nothing wrong with a migration that keeps what is there", async () => {
  await using test = await madeUp(
    "alter table public.cc_messages add column mood text;\n" +
      "create index cc_messages_mood_idx on public.cc_messages (mood);",
  );
  assert.deepEqual(await test.upgrade(), []);
});

Deno.test("tryUpgrade() finds rows that a migration loses, and an audit that it breaks", async () => {
  await using test = await madeUp(
    "delete from public.cc_rejected_webhooks where true;\n" +
      "alter table public.cc_audit_logs disable trigger user;\n" +
      "update public.cc_audit_logs set actor_type = 'human' where event_type = 'message_persisted';\n" +
      "alter table public.cc_audit_logs enable trigger user;",
  );
  const problems = (await test.upgrade()).join("\n");
  assert.match(problems, /public\.cc_rejected_webhooks had 1 rows and has 0/);
  assert.match(problems, /the audit is broken/);
});

Deno.test("tryUpgrade() finds that an upgrade ends elsewhere than a new installation", async () => {
  // It depends on data that a new installation does not have.
  await using test = await madeUp(`
    do $$ begin
      if exists (select from public.cc_messages) then
        alter table public.cc_messages add column mood text;
      end if;
    end $$;`);
  const problems = await test.upgrade();
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /^the upgrade keeps: column cc_messages\.mood/);
});

Deno.test("tryUpgrade() finds a released migration that was changed, or taken away", async () => {
  await using test = await madeUp("select 1;");
  const [first = "", second = ""] = [...Deno.readDirSync(test.migrations)].map(({ name }) => name)
    .sort();
  await Deno.writeTextFile(join(test.migrations, first), "-- changed");
  await Deno.remove(join(test.migrations, second));
  assert.deepEqual(await test.upgrade(), [
    `${first} was changed after its release`,
    `${second} was changed after its release`,
  ]);
});
