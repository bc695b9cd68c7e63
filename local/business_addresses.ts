/** Which addresses the sync reads, as an operator of a hosted project sets them. */
import postgres from "postgres";

/** Names these in `cc_settings`, unless an operator has named others. */
export async function nameBusinessAddresses(
  databaseUrl: string,
  addresses: string[],
): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    // A change of the settings is recorded, so none is made that changes nothing.
    const [unnamed] = await sql`select from cc_settings where business_addresses = '{}'`;
    if (unnamed) await sql`update cc_settings set business_addresses = ${addresses} where id`;
  } finally {
    await sql.end();
  }
}
