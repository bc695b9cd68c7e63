/** The two files that carry the secrets to the CLI: what stands in a command, every process can see. */
import { join } from "node:path";
import { type Environment, FUNCTION_SETTINGS } from "../function_environment.ts";
import type { Files } from "./plan.ts";

/** The settings of the functions as a file of NAME=value; the platform sets SUPABASE_… itself. */
export function settingsFile(given: Environment): string {
  return FUNCTION_SETTINGS.filter((name) => given[name])
    .map((name) => `${name}=${dotenvValue(given[name] ?? "")}\n`).join("");
}

/** One statement, since some ways to a database take no more at once. */
export function vaultStatement(
  secrets: Environment,
  businessAddresses: readonly string[] = [],
): string {
  const lines = Object.entries(secrets).flatMap(([name, secret]) => [
    `  perform vault.update_secret(id, ${literal(secret)}) from vault.secrets ` +
    `where name = ${literal(name)};`,
    `  if not found then`,
    `    perform vault.create_secret(${literal(secret)}, ${literal(name)});`,
    `  end if;`,
  ]);
  const named = businessAddresses.map(literal).join(", ");
  const addresses = named === "" ? [] : [
    "  update public.cc_settings set business_addresses = " +
    `array(select distinct unnest(business_addresses || array[${named}])) where id;`,
  ];
  return ["do $deploy$", "begin", ...lines, ...addresses, "end;", "$deploy$;", ""].join("\n");
}

/** Writes both where this user alone may read; `await using` removes them. */
export async function writeSecretFiles(
  settings: string,
  vault: string,
): Promise<Files & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_deploy_" });
  const files = { settings: join(folder, "settings.env"), vault: join(folder, "vault.sql") };
  await Deno.writeTextFile(files.settings, settings, { mode: 0o600 });
  await Deno.writeTextFile(files.vault, vault, { mode: 0o600 });
  return {
    ...files,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** As plain as it may be: parsers of such files differ in what they make of quotes. */
function dotenvValue(value: string): string {
  if (/^[\w:/.+@,%=-]*$/.test(value)) return value;
  if (!/['\n\r]/.test(value)) return `'${value}'`;
  return JSON.stringify(value);
}

function literal(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes("\\") ? `e'${escaped.replaceAll("\\", "\\\\")}'` : `'${escaped}'`;
}
