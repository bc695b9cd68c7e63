/** Runs pgTAP files as `supabase test db` does, and counts their assertions. */
import { join, relative } from "node:path";
import postgres from "postgres";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface TapResult extends Counts {
  /** What failed, with pgTAP's diagnostics; empty when all is well. */
  problems: string[];
}

const ROOT = new URL("../../", import.meta.url).pathname;
/** Test files too, which commit: with pg_prove they come first and all others find their work. */
const HELPERS = join(ROOT, "supabase/tests/000_helpers");

/** Gives a database pgTAP, in schema `extensions`, and the helpers, in schema `tests`. */
export async function preparePgTap(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`create extension if not exists pgtap with schema extensions`;
    // New functions are closed by default, and some tests count their assertions as another role.
    await sql`grant execute on all functions in schema extensions to public`;
    for (const name of [...Deno.readDirSync(HELPERS)].map(({ name }) => name).sort()) {
      const { problems } = await runFile(sql, join(HELPERS, name));
      if (problems.length > 0) throw new Error(`${name}: ${problems.join("\n")}`);
    }
  } finally {
    await sql.end();
  }
}

/**
 * Runs the files, one after the other, in a prepared database, and tells each one's result.
 * A file that does not commit is rolled back, also when it forgets to. They share a session, which
 * forgets between them what a session keeps: a new one would read the catalogue and compile every
 * function anew, and takes five times as long.
 */
export async function runPgTap(
  url: string,
  files: string[],
  report: (file: string, result: TapResult) => void,
  interrupted?: AbortSignal,
): Promise<Counts> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    for (const file of files) {
      if (interrupted?.aborted) break;
      const result = await runFile(sql, file);
      report(relative(ROOT, file), result);
      for (const key of ["passed", "failed", "skipped"] as const) total[key] += result[key];
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
  return total;
}

async function runFile(sql: postgres.Sql, file: string): Promise<TapResult> {
  const text = await Deno.readTextFile(file);
  const lines: string[] = [];
  try {
    // Its own `begin` then only warns.
    await sql.unsafe(`begin; ${text}`).simple().forEach((row) => {
      lines.push(...String(Object.values(row)[0] ?? "").split("\n"));
    });
    return readTap(lines);
  } catch (error) {
    return readTap(lines, describe(error, text));
  } finally {
    await sql`rollback`.simple();
    await sql`discard all`.simple();
  }
}

/** Reads what pgTAP said; `error` is what ended the file early. */
function readTap(lines: string[], error?: string): TapResult {
  const result: TapResult = { passed: 0, failed: 0, skipped: 0, problems: [] };
  let plan: number | undefined;
  let [ran, failing] = [0, false];
  for (const line of lines) {
    const planned = line.match(/^1\.\.(\d+)/)?.[1];
    if (planned) plan = Number(planned);
    const [, not, directive] = line.match(/^(not )?ok \d+.*?(# (?:SKIP|TODO)\b.*)?$/i) ?? [];
    if (/^(not )?ok \d+/.test(line)) {
      ran++;
      failing = not !== undefined && !directive;
      result[directive ? "skipped" : failing ? "failed" : "passed"]++;
    }
    if (failing && /^(not ok|#)/.test(line)) result.problems.push(line);
  }
  const wrong = error ?? (plan === ran ? undefined : `planned ${plan ?? "nothing"}, ran ${ran}`);
  if (wrong) {
    result.failed++;
    result.problems.push(wrong);
  }
  return result;
}

function describe(error: unknown, text: string): string {
  if (!(error instanceof postgres.PostgresError)) return String(error);
  const offset = Number(error.position ?? NaN) - "begin; ".length;
  const line = text.slice(0, offset).split("\n").length;
  const place = Number.isNaN(offset) ? "" : `line ${line}: `;
  const more = [error.detail, error.hint, error.where].filter(Boolean).map((part) => `\n  ${part}`);
  return `${place}${error.message} (SQLSTATE ${error.code})${more.join("")}`;
}
