/** Which test files there are. */
import { join, relative, resolve } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;

/** As `deno test` chooses; and pgTAP's. */
const IS_TEST = /(_test\.tsx?|^supabase\/tests\/.*\.sql)$/;

/**
 * The test files at and below these paths, sorted, as seen from the root of the repository. Throws
 * when there is none at one of them.
 */
export async function findFiles(paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => {
    const files = await filesAt(relative(ROOT, resolve(path))).catch(() => []);
    if (files.length === 0) throw new Error(`Cannot find tests at ${path}`);
    return files;
  }));
  return [...new Set(found.flat())].sort();
}

async function filesAt(path: string): Promise<string[]> {
  const absolute = join(ROOT, path);
  if ((await Deno.stat(absolute)).isFile) return [path];
  const entries = await Array.fromAsync(Deno.readDir(absolute));
  const nested = entries.map(async ({ name, isDirectory }) => {
    const inside = join(path, name);
    if (isDirectory) return await filesAt(inside);
    return IS_TEST.test(inside) ? [inside] : [];
  });
  return (await Promise.all(nested)).flat();
}
