/**
 * `deno task deploy -- --project-ref …`: puts this checkout on a hosted project, by the Supabase CLI.
 * It shows what it will do, and asks. Exit code 1 when it was not done, or the doctor finds something
 * wrong; 2 when it was not asked as it should be.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { planDeployment, showCommand, type Step, type Target } from "./deploy/plan.ts";
import { runSteps } from "./deploy/run_steps.ts";
import { settingsFile, vaultStatement, writeSecretFiles } from "./deploy/secret_files.ts";
import { checkSettings } from "./doctor/check_settings.ts";
import { describeResults } from "./doctor/describe_results.ts";
import { type Environment, FUNCTION_SETTINGS } from "./function_environment.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { readGiven, taskEnvironment } from "./task_environment.ts";
import { vaultSecrets } from "./vault.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

async function main(): Promise<number> {
  const asked = readOptions();
  const projectUrl = `https://${asked.target.projectRef}.supabase.co`;
  const given = await readGiven(asked.envFile);
  if (!isFit(taskEnvironment(given, { projectUrl }))) return 1;
  const secrets = vaultSecrets(given, projectUrl);
  await using files = await writeSecretFiles(
    settingsFile(given),
    vaultStatement(secrets, asked.businessAddresses),
  );
  const doctor = doctorStep(projectUrl, asked.envFile);
  const steps = planDeployment(asked.target, files);
  sayPlan([...steps, doctor], { given, secrets, ...asked });
  if (asked.isDryRun) return 0;
  if (!asked.isConfirmed && !confirm(`\nDeploy to ${projectUrl}?`)) {
    say("Nothing was done; --yes does not ask");
    return 1;
  }
  try {
    await runSteps(steps, { folder: ROOT, secrets: allSecrets(given, asked.target), say });
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
  return await examine(doctor);
}

interface Asked {
  target: Target;
  envFile: string | undefined;
  businessAddresses: string[];
  isDryRun: boolean;
  isConfirmed: boolean;
}

/** Throws an Error that names what is wrong. */
function readOptions(): Asked {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: {
      "project-ref": { type: "string" },
      "env-file": { type: "string" },
      "db-url": { type: "string" },
      "business-address": { type: "string", multiple: true, default: [] },
      "dry-run": { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
    },
  });
  const projectRef = values["project-ref"] ?? "";
  if (!/^[a-z]{20}$/.test(projectRef)) {
    throw new Error(
      "Cannot deploy: say --project-ref, the twenty letters in https://….supabase.co",
    );
  }
  return {
    target: { projectRef, databaseUrl: values["db-url"] },
    envFile: values["env-file"],
    businessAddresses: values["business-address"],
    isDryRun: values["dry-run"],
    isConfirmed: values.yes,
  };
}

/** Functions that miss a setting do not start, so nothing is deployed then. */
function isFit(environment: Environment): boolean {
  const results = checkSettings(environment, { isHosted: true });
  if (results.every(({ level }) => level !== "wrong")) return true;
  say(describeResults(results.filter(({ level }) => level === "wrong")));
  return false;
}

function sayPlan(
  steps: readonly Step[],
  { given, secrets, businessAddresses }: {
    given: Environment;
    secrets: Environment;
    businessAddresses: readonly string[];
  },
): void {
  say("What will be done:");
  for (const [index, { title, command }] of steps.entries()) {
    say(`${index + 1}. ${title}\n   ${showCommand(command)}`);
  }
  say(`Settings: ${FUNCTION_SETTINGS.filter((name) => given[name]).join(", ")}`);
  say(`Vault: ${Object.keys(secrets).join(", ")}`);
  if (businessAddresses.length > 0) say(`business_addresses: ${businessAddresses.join(", ")}`);
}

function doctorStep(projectUrl: string, envFile: string | undefined): Step {
  const args = ["run", "-A", "local/doctor.ts", "--url", projectUrl];
  if (envFile !== undefined) args.push("--env-file", envFile);
  return { title: "Ask the doctor", command: [Deno.execPath(), ...args] };
}

/** What the doctor says is shown as it comes: it prints no secret. */
async function examine({ command: [program = "", ...args] }: Step): Promise<number> {
  say("\nThe doctor:");
  const { code } = await new Deno.Command(program, { args, cwd: ROOT, stdin: "null" }).spawn()
    .status;
  return code === 0 ? 0 : 1;
}

/** Texts that customers get may be shown, and addresses of servers too. */
function allSecrets(given: Environment, { databaseUrl }: Target): string[] {
  const names = Object.keys(given).filter((name) => /KEY|TOKEN|ALERT_URL/.test(name));
  const password = databaseUrl && URL.parse(databaseUrl)?.password;
  return [...names.map((name) => given[name] ?? ""), password ?? ""];
}

await runTask(main);
