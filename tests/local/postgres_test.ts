/** Postgres as a child: it ends with whoever started it. */
import assert from "node:assert/strict";
import { freePort } from "../../local/free_port.ts";
import { eventually } from "../support/eventually.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("startPostgres() leaves no Postgres behind when the process that called it is killed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_test_" });
  const port = freePort();
  const parent = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { startPostgres } from "${new URL("local/postgres.ts", ROOT)}";
       await startPostgres({ folder: "${folder}", port: ${port} });
       setInterval(() => {}, 1000);`,
    ],
    cwd: ROOT,
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await eventually("Postgres to listen", () => isListening(port));
    parent.kill("SIGKILL");
    await parent.status;
    await eventually("Postgres to end", async () => !await isListening(port));
    await eventually("its folder to be left", () => isLeft(`${folder}/cluster/postmaster.pid`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assert.ok(!await isListening(port));
});

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

async function isLeft(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => false, () => true);
}
