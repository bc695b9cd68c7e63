/** Secrets of the database: which it must have, and how an operator of a hosted project stores them. */
import postgres from "postgres";
import type { Environment } from "./function_environment.ts";

/** What the database must have in Vault to ring the functions of this project, and to raise alerts. */
export function vaultSecrets(given: Environment, projectUrl: string): Environment {
  const functions = `${projectUrl}/functions/v1`;
  return {
    orchestrator_url: `${functions}/orchestrator`,
    orchestrator_key: given["ORCHESTRATOR_KEY"] ?? "",
    sync_url: `${functions}/twilio-sync`,
    sync_key: given["SYNC_KEY"] ?? "",
    media_url: `${functions}/media`,
    media_key: given["MEDIA_KEY"] ?? "",
    ...(given["ALERT_URL"] ? { alert_url: given["ALERT_URL"] } : {}),
  };
}

/** Stores each secret under its name in Vault, in place of what is there. */
export async function storeSecrets(
  databaseUrl: string,
  secrets: Environment,
): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    for (const [name, secret] of Object.entries(secrets)) {
      const [known] = await sql`select id from vault.secrets where name = ${name}`;
      if (known) await sql`select vault.update_secret(${known["id"]}, ${secret})`;
      else await sql`select vault.create_secret(${secret}, ${name})`;
    }
  } finally {
    await sql.end();
  }
}
