/** Makes a database of the embedded Postgres what a fresh hosted Supabase project is. */
import postgres from "postgres";

/**
 * Which rights new objects in `public` come with: since 2026 the API's roles get none on
 * tables, sequences and functions; older projects may still hand out everything.
 */
export type DefaultPrivileges = "2026" | "older";

export interface BootstrapOptions {
  defaultPrivileges: DefaultPrivileges;
}

const BOOTSTRAP = new URL("./bootstrap.sql", import.meta.url);

/** What the platform runs on projects made since 2026-05-30. The rest of the rights remains. */
const REVOKE_OF_2026 = `
  alter default privileges for role postgres in schema public
    revoke select, insert, update, delete on tables from anon, authenticated, service_role;
  alter default privileges for role postgres in schema public
    revoke usage, select on sequences from anon, authenticated, service_role;
  alter default privileges for role postgres in schema public
    revoke execute on functions from anon, authenticated, service_role;
`;

/**
 * Bootstraps the database that `superuserUrl` names, all or nothing; one that is bootstrapped
 * already stays as it is. Roles belong to the cluster: who bootstraps another of its databases
 * meanwhile, waits. Throws the Postgres error when the role may not do this.
 */
export async function bootstrapDatabase(
  superuserUrl: string,
  { defaultPrivileges }: BootstrapOptions,
): Promise<void> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (transaction) => {
      const [done] = await transaction`
        select from pg_event_trigger where evtname = 'pgrst_drop_watch'`;
      if (done) return;
      await transaction`lock table pg_catalog.pg_db_role_setting in share row exclusive mode`;
      await transaction.unsafe(await Deno.readTextFile(BOOTSTRAP)).simple();
      if (defaultPrivileges === "2026") await transaction.unsafe(REVOKE_OF_2026).simple();
    });
  } finally {
    await sql.end();
  }
}
