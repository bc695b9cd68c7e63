/** Places the stand-in extensions, and pgTAP, where `create extension` looks for them. */
import { join } from "node:path";
import { parseTarGzip } from "nanotar";
import { pgtapArchive } from "./packages.ts";

const STAND_INS = new URL("./extensions/", import.meta.url);

/** Copies every extension file into Postgres' extension folder, newest version each time. */
export async function installExtensions(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(STAND_INS)) {
    await Deno.copyFile(new URL(name, STAND_INS), join(folder, name));
    await Deno.chmod(join(folder, name), 0o644);
  }
  const files = await parseTarGzip(await Deno.readFile(await pgtapArchive()));
  for (const { name, data } of files) {
    const file = name.match(/\/extension\/(pgtap[^/]*)$/)?.[1];
    if (file && data) await Deno.writeFile(join(folder, file), data, { mode: 0o644 });
  }
}
