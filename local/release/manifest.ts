/** A release as its migrations were: after it, none of them is changed. */
import { join } from "node:path";
import { z } from "zod";

export const Manifest = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "is no version such as 1.2.3"),
  /** File names in order, each with the SHA-256 of its text in hex. */
  migrations: z.record(z.string(), z.string().length(64)),
});
export type Manifest = z.infer<typeof Manifest>;

/** The manifest of what stands in this folder of migrations now. */
export async function makeManifest(version: string, migrations: string): Promise<Manifest> {
  const names = (await Array.fromAsync(Deno.readDir(migrations))).map(({ name }) => name)
    .filter((name) => /^\d+_.*\.sql$/.test(name)).sort();
  const hashed = names.map(async (name) => [name, await hashOf(join(migrations, name))] as const);
  return Manifest.parse({ version, migrations: Object.fromEntries(await Promise.all(hashed)) });
}

/** Each of the release's migrations that is not there any more, or says something else now. */
export async function changedSince(release: Manifest, migrations: string): Promise<string[]> {
  const now = (await makeManifest(release.version, migrations)).migrations;
  return Object.entries(release.migrations)
    .filter(([name, hash]) => now[name] !== hash).map(([name]) => name);
}

async function hashOf(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}
