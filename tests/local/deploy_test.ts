/** `deno task deploy`: what it would run, with a CLI that only notes what it is asked; then for real. */
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { planDeployment, showCommand } from "../../local/deploy/plan.ts";
import { settingsFile, vaultStatement } from "../../local/deploy/secret_files.ts";
import { vaultSecrets } from "../../local/vault.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const REF = "abcdefghijklmnopqrst";
const KEYS = {
  ORCHESTRATOR_KEY: "orchestrator's own long secret key",
  SYNC_KEY: "the long secret key of the sync",
  MEDIA_KEY: "the long secret key of the media",
  OPERATIONS_KEY: "the long secret key of operators",
};
const GIVEN = {
  ...KEYS,
  TWILIO_ACCOUNT_SID: `AC${"1".repeat(32)}`,
  TWILIO_AUTH_TOKEN: "2".repeat(32),
  APOLOGY_TEXT: "Sorry, we'll be back\nsoon",
  ALERT_URL: "https://hooks.example/secret",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_abc"}',
};

/** A folder with a program `npx` that notes each call and the files it names. */
async function fakeCli(exitCodes: Record<string, number> = {}) {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_cli_" });
  const log = join(folder, "calls");
  const failures = Object.entries(exitCodes)
    .map(([word, code]) => `case "$*" in *"${word}"*) exit ${code};; esac`).join("\n");
  const script = `#!/bin/sh
echo "$*" >> ${log}
previous=
for word in "$@"; do
  case "$previous" in --env-file|--file) stat -c %a "$word" >> ${log}; cat "$word" | tee -a ${log};; esac
  previous="$word"
done
${failures}
`;
  await Deno.writeTextFile(join(folder, "npx"), script, { mode: 0o755 });
  return {
    path: `${folder}:${Deno.env.get("PATH")}`,
    calls: () => Deno.readTextFile(log).catch(() => ""),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function deploy(path: string, args: string[], given: Record<string, string> = GIVEN) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "local/deploy.ts", "--env-file", "/dev/null", ...args],
    cwd: ROOT,
    env: { ...given, PATH: path, TWILIO_API_URL: "http://127.0.0.1:9" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, said: text.decode(stdout) + text.decode(stderr) };
}

function assertNoSecret(said: string) {
  const secrets = [...Object.values(KEYS), GIVEN.TWILIO_AUTH_TOKEN, GIVEN.ALERT_URL];
  for (const secret of [...secrets, "sb_secret_abc"]) assert.ok(!said.includes(secret), said);
}

Deno.test("deploy --dry-run shows each command, and runs none", async () => {
  await using cli = await fakeCli();
  const { code, said } = await deploy(cli.path, ["--project-ref", REF, "--dry-run"]);
  assert.equal(code, 0, said);
  const commands = [...said.matchAll(/^ {3}npx -y supabase@3\.1\.0 (.*)$/gm)].map(([, command]) =>
    command?.replaceAll(/\/\S*switchboard_deploy_\w+\//g, "")
  );
  assert.deepEqual(commands, [
    `link --project-ref ${REF}`,
    `secrets set --env-file settings.env --remote=${REF}`,
    `db push --remote=${REF} --yes`,
    `db query --remote=${REF} --file vault.sql --yes`,
    `functions deploy --use-api --remote=${REF} --yes`,
  ]);
  assert.match(said, /local\/doctor\.ts --url https:\/\/abcdefghijklmnopqrst\.supabase\.co/);
  assert.match(said, /^Settings: .*TWILIO_AUTH_TOKEN.*ORCHESTRATOR_KEY/m);
  assert.match(said, /^Vault: .*orchestrator_key.*alert_url/m);
  assertNoSecret(said);
  assert.equal(await cli.calls(), "");
});

Deno.test("deploy does nothing that was not confirmed", async () => {
  await using cli = await fakeCli();
  const { code, said } = await deploy(cli.path, ["--project-ref", REF]);
  assert.deepEqual([code, await cli.calls()], [1, ""], said);
  assert.match(said, /Nothing was done/);
});

Deno.test("deploy runs the steps in order, hands secrets over in files, and prints none", async () => {
  await using cli = await fakeCli();
  const { code, said } = await deploy(cli.path, [
    ...["--project-ref", REF, "--yes", "--business-address", "whatsapp:+14155238886"],
  ]);
  const calls = await cli.calls();
  const order = ["link", "secrets set", "db push", "db query", "functions deploy"];
  const places = order.map((command) => calls.indexOf(`supabase@3.1.0 ${command}`));
  assert.ok(places.every((place, index) => place > (places[index - 1] ?? -1)), calls);
  assert.match(calls, /^ORCHESTRATOR_KEY=/m);
  assert.match(calls, /vault\.create_secret\('orchestrator''s own long secret key', 'orchestrat/);
  assert.match(calls, /whatsapp:\+14155238886/);
  assert.doesNotMatch(calls, /SUPABASE_SECRET_KEYS=/, "the platform sets it itself");
  assert.deepEqual([...calls.matchAll(/^600$/gm)].length, 2, "nobody else may read the files");
  assertNoSecret(said);
  const [, folder] = /--env-file (\S+)\/settings\.env/.exec(calls) ?? [];
  assert.ok(folder);
  await assert.rejects(Deno.stat(folder), "they are gone");
  // There is no such project, which the doctor says.
  assert.match(said, /UNASKED database/);
  assert.equal(code, 1);
});

Deno.test("deploy stops at the step that fails", async () => {
  await using cli = await fakeCli({ "db push": 7 });
  const { code, said } = await deploy(cli.path, ["--project-ref", REF, "--yes"]);
  assert.equal(code, 1);
  assert.match(said, /"Apply the migrations" ended with 7/);
  assert.doesNotMatch(await cli.calls(), /functions deploy/);
});

Deno.test("deploy refuses settings with which the functions would not start, or that are no secret", async () => {
  await using cli = await fakeCli();
  const { TWILIO_AUTH_TOKEN: _, ...without } = GIVEN;
  const given = { ...without, SYNC_KEY: "local-sync-key" };
  const { code, said } = await deploy(cli.path, ["--project-ref", REF, "--yes"], given);
  assert.deepEqual([code, await cli.calls()], [1, ""]);
  assert.match(said, /TWILIO_AUTH_TOKEN is missing/);
  assert.match(said, /SYNC_KEY is the local stack's/);
  const nobody = await deploy(cli.path, ["--project-ref", "my-project"]);
  assert.deepEqual([nobody.code, /say --project-ref/.test(nobody.said)], [2, true]);
});

Deno.test("showCommand() shows no password", () => {
  const databaseUrl = "postgresql://postgres:pass@word@db.example:5432/postgres";
  const steps = planDeployment({ projectRef: REF, databaseUrl }, { settings: "s", vault: "v" });
  const shown = steps.map(({ command }) => showCommand(command)).join("\n");
  assert.doesNotMatch(shown, /pass|word/);
  assert.match(shown, /--remote=postgresql:\/\/postgres:\*\*\*@db\.example:5432/);
});

Deno.test("settingsFile() holds what the functions read, each value as it was given", () => {
  const file = settingsFile(GIVEN);
  assert.match(file, /^APOLOGY_TEXT="Sorry, we'll be back\\nsoon"$/m);
  assert.match(file, /^SYNC_KEY='the long secret key of the sync'$/m);
  assert.match(file, /^TWILIO_AUTH_TOKEN=2+$/m);
  assert.doesNotMatch(file, /SUPABASE|ALERT_URL/);
});

Deno.test({
  name: "the Supabase CLI pushes the migrations, and puts the secrets in Vault, without a warning",
  async fn() {
    await using database = await createTestDatabase();
    const url = database.url();
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    const folder = await Deno.makeTempDir({ prefix: "switchboard_vault_" });
    try {
      // As a fresh project: nothing of ours is there yet.
      await sql.unsafe(`
        drop schema supabase_migrations cascade; drop schema cc_private cascade;
        drop schema demo_bank cascade;
        drop extension pg_net cascade; drop extension pg_cron cascade;
        do $$ declare each text; begin
          for each in select format('drop table %s cascade', oid::regclass) from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r' loop execute each; end loop;
          for each in select format('drop function if exists %s cascade', oid::regprocedure) from pg_proc
            where pronamespace = 'public'::regnamespace loop execute each; end loop;
        end $$;
        delete from vault.secrets where name in ('erasure_key', 'code_key');`).simple();
      const vault = join(folder, "vault.sql");
      const secrets = vaultSecrets(GIVEN, `https://${REF}.supabase.co`);
      await Deno.writeTextFile(vault, vaultStatement(secrets, ["whatsapp:+14155238886"]));
      const steps = planDeployment({ projectRef: REF, databaseUrl: url }, { settings: "", vault });
      const [push, query] = steps.filter(({ command }) => command.includes("db"));
      const pushed = await run(push?.command);
      assert.doesNotMatch(pushed, /warn|deprecated|unknown/i);
      for (let time = 1; time <= 2; time++) await run(query?.command);
      const stored = await sql`
        select name, decrypted_secret from vault.decrypted_secrets
        where name not in ('erasure_key', 'code_key') order by name`;
      assert.deepEqual(
        Object.fromEntries(stored.map((row) => [row["name"], row["decrypted_secret"]])),
        Object.fromEntries(Object.entries(secrets).sort()),
      );
      const [known] = await sql`
        select business_addresses, (select count(*)::integer from supabase_migrations.schema_migrations)
        from cc_settings`;
      assert.deepEqual(known?.["business_addresses"], ["whatsapp:+14155238886"]);
      const files = [...Deno.readDirSync(join(ROOT, "supabase/migrations"))];
      assert.equal(known?.["count"], files.length);
      assert.match(await run(push?.command), /up to date/i);
    } finally {
      await sql.end();
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** What the CLI says of our own config.toml and migrations; npm's own warnings are not its. */
async function run(command: string[] = []): Promise<string> {
  const [program = "", ...args] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: ROOT,
    env: { DO_NOT_TRACK: "1", CI: "1", npm_config_loglevel: "error" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, said);
  return said.replaceAll(/^npm .*$/gm, "");
}
