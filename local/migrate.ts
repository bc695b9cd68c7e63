/**
 * Applies the migrations and records them where the Supabase CLI does, in its form: what one has
 * begun, the other continues.
 */
import { join } from "node:path";
import postgres from "postgres";
import { splitStatements, type SqlStatement } from "./sql_statements.ts";

interface Migration {
  version: string;
  name: string;
  file: string;
}

/** The table as the CLI (3.1.0) makes it. */
const HISTORY = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (
    version text not null primary key,
    statements text[],
    name text
  );
`;

/**
 * Applies those of `folder`'s migrations that the database does not know, in order, each in a
 * transaction of its own; gives the file names of the applied ones. `url` names the role that will
 * own everything, `postgres`. Throws when one fails, naming file, line, SQLSTATE and hint; that one
 * leaves nothing behind, earlier ones stay.
 */
export async function applyMigrations(
  url: string,
  folder: string,
  progress: (text: string) => void = () => {},
): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(HISTORY).simple();
    const known = await sql`select version from supabase_migrations.schema_migrations`;
    const versions = new Set(known.map((row) => row.version));
    const missing = (await readFolder(folder)).filter(({ version }) => !versions.has(version));
    for (const migration of missing) {
      progress(`Migration ${migration.file}`);
      await apply(sql, folder, migration);
    }
    return missing.map(({ file }) => file);
  } finally {
    await sql.end();
  }
}

async function readFolder(folder: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for await (const { name: file } of Deno.readDir(folder)) {
    const [, version, name] = file.match(/^(\d+)_(.*)\.sql$/) ?? [];
    if (version && name) migrations.push({ version, name, file });
  }
  return migrations.sort((a, b) => a.file < b.file ? -1 : 1);
}

async function apply(sql: postgres.Sql, folder: string, { version, name, file }: Migration) {
  const statements = splitStatements(await Deno.readTextFile(join(folder, file)));
  await sql.begin(async (transaction) => {
    for (const statement of statements) {
      await transaction.unsafe(statement.text).simple().catch((error) => {
        throw describe(error, file, statement);
      });
    }
    await transaction`
      insert into supabase_migrations.schema_migrations (version, statements, name)
      values (${version}, ${statements.map(({ text }) => text)}, ${name})`;
  });
}

/** Postgres' error with its place: the line of its position, else the line the statement begins on. */
function describe(error: unknown, file: string, { text, line }: SqlStatement): unknown {
  if (!(error instanceof postgres.PostgresError)) return error;
  const before = text.slice(0, Math.max(0, Number(error.position ?? 1) - 1));
  const place = `${file}:${line + before.split("\n").length - 1}`;
  const more = [
    error.detail && `Detail: ${error.detail}`,
    error.where && `Where: ${error.where}`,
    error.hint && `Hint: ${error.hint}`,
  ].filter(Boolean);
  return new Error(
    [`Cannot apply ${place}: ${error.message} (SQLSTATE ${error.code})`, ...more].join("\n"),
    { cause: error },
  );
}
