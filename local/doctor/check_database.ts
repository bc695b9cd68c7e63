/** What the database tells of itself, beside what it should be. Each check says what to do in SQL. */
import type { ExpectedSchema } from "./expected_schema.ts";
import type { Installation } from "./installation.ts";
import { orWell, type Result, resultsOf } from "./result.ts";

/** The sweep runs every ten seconds. Milliseconds. */
const SWEEP_PATIENCE_MS = 60_000;

/** Everything but the secrets, which need the settings beside them. */
export function checkDatabase(installation: Installation, expected: ExpectedSchema): Result[] {
  return [
    ...checkExtensions(installation),
    ...checkMigrations(installation, expected),
    ...checkSchedules(installation, expected),
    ...checkTuning(installation),
  ];
}

function checkExtensions({ extensions }: Installation): Result[] {
  const find = resultsOf("extensions");
  const names = Object.entries({
    pg_net: extensions.pgNet,
    pg_cron: extensions.pgCron,
    supabase_vault: extensions.supabaseVault,
    pgcrypto: extensions.pgcrypto,
  });
  const missing = names.filter(([, version]) => version === null).map(([name]) =>
    find("wrong", `${name} is not installed`, `create extension ${name};`)
  );
  const versions = names.map(([name, version]) => `${name} ${version}`).join(", ");
  return orWell(missing, "extensions", versions);
}

function checkMigrations({ migrations }: Installation, { versions }: ExpectedSchema): Result[] {
  const find = resultsOf("migrations");
  if (migrations === null) {
    const todo = "apply them with: supabase db push";
    return [find("hint", "there is no record of migrations: nobody can tell which ran", todo)];
  }
  const missing = versions.filter((version) => !migrations.includes(version));
  const unknown = migrations.filter((version) => !versions.includes(version));
  return orWell(
    [
      ...(missing.length > 0
        ? [find(
          "wrong",
          `${missing.length} are not applied, the first is ${missing[0]}`,
          "apply them with: supabase db push",
        )]
        : []),
      ...(unknown.length > 0
        ? [find(
          "hint",
          `${unknown.length} are applied that this checkout does not have, the first is ${
            unknown[0]
          }`,
          "see that this is the version of Switchboard that was deployed",
        )]
        : []),
    ],
    "migrations",
    `all ${versions.length} are applied`,
  );
}

function checkSchedules(
  { jobs, sweptAt, checkedAt }: Installation,
  expected: ExpectedSchema,
): Result[] {
  const find = resultsOf("schedules");
  const results = expected.jobs.flatMap((name) => {
    const job = jobs.find((each) => each.name === name);
    if (!job) {
      const todo = `run the line of supabase/migrations that schedules it again`;
      return [find("wrong", `${name} does not exist`, todo)];
    }
    if (!job.isActive) {
      const todo =
        `select cron.alter_job(jobid, active => true) from cron.job where jobname = '${name}';`;
      return [find("wrong", `${name} is switched off`, todo)];
    }
    if (job.lastStatus !== "failed") return [];
    const todo = "select * from cron.job_run_details order by runid desc limit 20;";
    return [find("wrong", `${name} failed when it last ran`, todo)];
  });
  if (checkedAt - (sweptAt ?? 0) > SWEEP_PATIENCE_MS) {
    const since = sweptAt === null ? "ever" : `since ${new Date(sweptAt).toISOString()}`;
    const todo = "restart the database when pg_cron does not run: the project's settings, General";
    results.push(find("wrong", `the sweep has not come to its end ${since}`, todo));
  }
  return orWell(results, "schedules", `all ${expected.jobs.length} are active, and the sweep runs`);
}

function checkTuning({ settings }: Installation): Result[] {
  const find = resultsOf("cc_settings");
  const set = (assignment: string) => `update cc_settings set ${assignment} where id;`;
  return orWell(
    [
      ...(settings.businessAddresses.length === 0
        ? [find(
          "wrong",
          "business_addresses is empty: what no webhook brings is never found",
          set("business_addresses = array['whatsapp:+…']"),
        )]
        : []),
      ...(settings.optOutKeywordCount === 0
        ? [find(
          "hint",
          "opt_out_keywords is empty: STOP counts only where Twilio's Advanced Opt-Out is on",
          set("opt_out_keywords = default"),
        )]
        : []),
      ...(settings.optOutKeywordCount > 0 && settings.optInKeywordCount === 0
        ? [find(
          "wrong",
          "opt_in_keywords is empty: who has opted out cannot come back",
          set("opt_in_keywords = default"),
        )]
        : []),
      ...(settings.optOutKeywordCount > 0 && !settings.tellsOptOut
        ? [find(
          "hint",
          "opt_out_text is empty: who opts out is not told how to come back",
          set("opt_out_text = default"),
        )]
        : []),
    ],
    "cc_settings",
    `${settings.businessAddresses.join(", ")}; opt-out by ${settings.optOutKeywordCount} words`,
  );
}
