/** Secrets of the database, as an operator of a hosted project stores them. */
import postgres from "postgres";

/** Stores each secret under its name in Vault, in place of what is there. */
export async function storeSecrets(
  databaseUrl: string,
  secrets: Record<string, string>,
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
