/** What a function's cold start loads, by the graph of its modules. */
import assert from "node:assert/strict";
import { FUNCTIONS, IMPORT_MAP } from "../../local/stack.ts";

interface Module {
  specifier: string;
  /** An import of types alone has no `code`, and loads nothing. */
  dependencies?: { code?: { specifier: string } }[];
}

/** Every module that this function runs, ours by its path below `supabase/functions`. */
async function modulesOf(name: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["info", "--json", "--no-config", "--no-lock", "--import-map", IMPORT_MAP],
      `${FUNCTIONS}/${name}/index.ts`,
    ],
    stderr: "null",
  }).output();
  const graph: { roots: string[]; modules: Module[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
  const found = new Set(graph.roots);
  for (const specifier of found) {
    for (const { code } of modules.get(specifier)?.dependencies ?? []) {
      if (code) found.add(code.specifier);
    }
  }
  return [...found].map((specifier) => specifier.split("/supabase/functions/").at(-1) ?? "");
}

Deno.test("the webhook loads three packages, and nothing of the model or the agents", async () => {
  const modules = await modulesOf("twilio-webhook");
  const packages = modules.map((specifier) => /^npm:\/?((?:@[^/]+\/)?[^@]+)@/.exec(specifier)?.[1]);
  assert.deepEqual(
    [...new Set(packages.filter((name) => name !== undefined))].sort(),
    ["@supabase/postgrest-js", "hono", "zod"],
  );
  const own = modules.filter((specifier) => specifier.endsWith(".ts"));
  assert.ok(own.includes("_shared/intake_database.ts"), own.join("\n"));
  assert.deepEqual(own.filter((path) => !/^(twilio-webhook|_shared)\//.test(path)), []);
});

Deno.test("the webhook loads no schema of turns and sends, which a cold start would have to make", async () => {
  const modules = await modulesOf("twilio-webhook");
  for (const path of ["_shared/database.ts", "_shared/supabase_database.ts"]) {
    assert.ok(!modules.includes(path), path);
  }
});

Deno.test("the orchestrator's graph holds what the webhook's must not, so that this test sees it", async () => {
  const modules = (await modulesOf("orchestrator")).join("\n");
  for (const part of ["npm:openai@", "_shared/database.ts"]) {
    assert.ok(modules.includes(part) || modules.includes(part.replace("npm:", "npm:/")), part);
  }
});
