/** Chains of the audit to tamper with, written as the service writes them. */
import type { Sql } from "postgres";

/** Makes so many chains with so many rows each; gives their ids, which are no conversations'. */
export async function writeChains(sql: Sql, chains: number, rows: number): Promise<string[]> {
  const made = await sql<{ id: string }[]>`
    insert into cc_private.audit_chains (id)
    select gen_random_uuid() from generate_series(1, ${chains}) returning id`;
  for (let row = 0; row < rows; row++) await appendToAll(sql, made.map(({ id }) => id));
  return made.map(({ id }) => id);
}

/** One row more for each of these chains, in one transaction. */
export async function appendToAll(sql: Sql, chains: string[]): Promise<void> {
  await sql`
    select cc_private.append_audit(id, cc_private.audit_event('turn_claimed'))
    from unnest(${chains}::uuid[]) as id order by id`;
}

/** The ids of a chain's rows, in their order. */
export async function rowsOf(sql: Sql, chain: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from cc_audit_logs where conversation_id = ${chain} order by id`;
  return rows.map(({ id }) => id);
}

/** Lets the owner of the table change it, as only tampering would. */
export async function openAudit(sql: Sql): Promise<void> {
  await sql`alter table cc_audit_logs disable trigger refuse_audit_change`;
}

/** Writes the chain anew from this row on, each hash and the head as they suit the rows. */
export async function forgeChain(sql: Sql, chain: string): Promise<void> {
  let previous = "\\x";
  for (const id of await rowsOf(sql, chain)) {
    await sql`update cc_audit_logs set previous_hash = ${previous}::text::bytea where id = ${id}`;
    const [row] = await sql<{ hash: string }[]>`
      update cc_audit_logs as entry set hash = cc_private.audit_hash(entry)
      where id = ${id} returning hash::text`;
    previous = row?.hash ?? previous;
  }
  await sql`
    update cc_private.audit_chains
    set head = ${previous}::text::bytea,
      row_count = (select count(*) from cc_audit_logs where conversation_id = ${chain})
    where id = ${chain}`;
}
