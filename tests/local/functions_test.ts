/** Functions run as on the platform: closed in, behind the gateway, started again when they die. */
import assert from "node:assert/strict";
import {
  type FunctionHosts,
  type FunctionsOptions,
  startFunctions,
} from "../../local/functions.ts";
import { type Gateway, startGateway } from "../../local/gateway.ts";
import { platformDeno } from "../../local/packages.ts";

const IMPORT_MAP = new URL("../../import_map.json", import.meta.url).pathname;

/** Answers with what it sees, or does what the path says. */
const PROBE = `
  import { Hono } from "hono";
  const app = new Hono().basePath("/probe");
  const attempt = async (work) => {
    try { return await work(); } catch (error) { return error.name; }
  };
  app.get("/environment", async (c) => c.json({
    own: Deno.env.get("OWN"),
    all: Object.keys(Deno.env.toObject()),
    file: await attempt(() => Deno.readTextFile("/etc/hostname")),
  }));
  app.get("/reach", async (c) => c.text(await attempt(() => fetch(c.req.query("url")).then(() => "reached"))));
  app.get("/pid", (c) => c.text(String(Deno.pid)));
  app.get("/cookies", (c) => {
    c.header("set-cookie", "a=1", { append: true });
    c.header("set-cookie", "b=2", { append: true });
    return c.text("", 404);
  });
  app.get("/die", () => Deno.exit(3));
  app.get("/background", (c) => {
    EdgeRuntime.waitUntil(new Promise((done) => setTimeout(done, 50)).then(() => console.log("done later")));
    return c.text("at once");
  });
  app.get("/stream", () => new Response(new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode("first "));
      await new Promise((done) => globalThis.goOn = done);
      controller.enqueue(new TextEncoder().encode("second"));
      controller.close();
    },
  })));
  app.get("/go-on", (c) => { globalThis.goOn(); return c.text("ok"); });
  app.all("*", async (c) => c.json({
    method: c.req.method,
    url: c.req.url,
    headers: Object.fromEntries(c.req.raw.headers),
    body: await c.req.text(),
    deno: Deno.version.deno,
  }));
  console.log("probe is loaded");
  Deno.serve(app.fetch);
`;

interface Fixture extends AsyncDisposable {
  functions: FunctionHosts;
  gateway: Gateway;
  log: string[];
  get(path: string, init?: RequestInit): Promise<Response>;
}

async function probe(options: Partial<FunctionsOptions> = {}): Promise<Fixture> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_functions_" });
  const files = { probe: PROBE, _shared: "throw new Error('this is no function')" };
  for (const [name, source] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${name}`);
    await Deno.writeTextFile(`${folder}/${name}/index.ts`, `// @ts-nocheck\n${source}`);
  }
  const log: string[] = [];
  const functions = await startFunctions({
    folder,
    importMap: IMPORT_MAP,
    deno: await platformDeno(),
    environment: () => ({ OWN: "given" }),
    permissions: () => ["--allow-env"],
    log: (name, line) => log.push(`${name}: ${line}`),
    ...options,
  });
  const gateway = await startGateway({ port: 0, databaseUrl: NO_DATABASE, functions });
  return {
    functions,
    gateway,
    log,
    get: (path, init) => fetch(`${gateway.url}/functions/v1/${path}`, init),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await functions.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The discard port: nobody listens there, and the functions need no database. */
const NO_DATABASE = "postgresql://authenticator:postgres@127.0.0.1:9/postgres";

Deno.test("a function sees the platform's inside: host, scheme, path and forwarded headers", async () => {
  await using fixture = await probe();
  const response = await fixture.get("probe/deep/path?a=1&a=%20b", {
    method: "PATCH",
    headers: { "x-twilio-signature": "kept", "x-forwarded-host": "forged.example" },
    body: "text & more",
  });
  const { method, url, headers, body, deno } = await response.json();
  assert.deepEqual(
    { method, url, body, deno },
    {
      method: "PATCH",
      url: "http://edge-runtime.supabase.com/probe/deep/path?a=1&a=%20b",
      body: "text & more",
      deno: "2.1.4",
    },
  );
  const { host, "x-forwarded-host": forwarded, "x-forwarded-port": port } = headers;
  assert.deepEqual([host, forwarded, port, headers["x-forwarded-proto"]], [
    "edge-runtime.supabase.com",
    "edge-runtime.supabase.com",
    "443",
    "https",
  ]);
  assert.equal(headers["x-twilio-signature"], "kept");
  assert.equal(headers["content-length"], "11");
});

Deno.test("status, duplicate headers and a streamed body come back unchanged", async () => {
  await using fixture = await probe();
  const cookies = await fixture.get("probe/cookies");
  assert.deepEqual([cookies.status, cookies.headers.getSetCookie()], [404, ["a=1", "b=2"]]);
  assert.equal(await cookies.text(), "");
  const reader = (await fixture.get("probe/stream")).body!.pipeThrough(new TextDecoderStream())
    .getReader();
  assert.equal((await reader.read()).value, "first ");
  await (await fixture.get("probe/go-on")).text();
  assert.equal((await reader.read()).value, "second");
  assert.equal((await reader.read()).done, true);
});

Deno.test("a body that is sent bit by bit arrives whole", async () => {
  await using fixture = await probe();
  const body = ReadableStream.from(["one ", "two"]).pipeThrough(new TextEncoderStream());
  const response = await fixture.get("probe/echo", { method: "POST", body });
  assert.equal((await response.json()).body, "one two");
});

Deno.test("an unknown function is 404, and a shared folder is none", async () => {
  await using fixture = await probe();
  assert.deepEqual(fixture.functions.names, ["probe"]);
  for (const name of ["missing", "_shared"]) {
    const response = await fixture.get(name);
    assert.deepEqual([response.status, await response.json()], [404, {
      code: "NOT_FOUND",
      message: "Requested function was not found",
    }]);
  }
});

Deno.test("a function has its own environment and nothing of the host's", async () => {
  await using fixture = await probe();
  Deno.env.set("SECRET_OF_THE_HOST", "leaked");
  try {
    await fixture.functions.kill("probe");
    const { own, all, file } = await (await fixture.get("probe/environment")).json();
    assert.equal(own, "given");
    assert.equal(all.includes("SECRET_OF_THE_HOST"), false, all.join());
    assert.equal(all.includes("PATH"), false, all.join());
    assert.equal(file, "NotCapable");
  } finally {
    Deno.env.delete("SECRET_OF_THE_HOST");
  }
});

Deno.test("a function reaches only the hosts that its permissions name", async () => {
  const hostOf = (server: Deno.HttpServer<Deno.NetAddr>) => `127.0.0.1:${server.addr.port}`;
  const answer = () => new Response("here");
  await using open = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  await using closed = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  await using fixture = await probe({ permissions: () => [`--allow-net=${hostOf(open)}`] });
  const reach = async (host: string) =>
    await (await fixture.get(`probe/reach?url=http://${host}/`)).text();
  assert.equal(await reach(hostOf(open)), "reached");
  assert.equal(await reach(hostOf(closed)), "NotCapable");
});

Deno.test("a function that was killed is started again, and requests wait for it", async () => {
  await using fixture = await probe();
  const pid = async () => await (await fixture.get("probe/pid")).text();
  const before = await pid();
  for (let i = 0; i < 3; i++) {
    await fixture.functions.kill("probe");
    assert.equal(fixture.functions.originOf("probe"), undefined);
    assert.notEqual(await pid(), before);
  }
});

Deno.test("requests that meet a dying process are answered, by it or by its successor", async () => {
  await using fixture = await probe();
  const killed = fixture.functions.kill("probe");
  const answers = await Promise.all(Array.from({ length: 20 }, () => fixture.get("probe/pid")));
  await killed;
  for (const answer of answers) {
    const text = await answer.text();
    assert.ok(answer.status === 200 || /WORKER_ERROR/.test(text), `${answer.status} ${text}`);
  }
});

Deno.test("a request whose function exits is 500, and the next one is served", async () => {
  await using fixture = await probe();
  const died = await fixture.get("probe/die");
  assert.deepEqual([died.status, (await died.json()).code], [500, "WORKER_ERROR"]);
  const next = await fixture.get("probe/pid");
  assert.equal(next.status, 200);
  await next.text();
  assert.ok(fixture.log.includes("probe: process ended: code 3"), fixture.log.join("\n"));
});

Deno.test("what a function prints and does in the background reaches the log", async () => {
  await using fixture = await probe();
  assert.ok(fixture.log.includes("probe: probe is loaded"));
  assert.equal(await (await fixture.get("probe/background")).text(), "at once");
  assert.equal(fixture.log.includes("probe: done later"), false);
  await fixture.functions.stop();
  assert.ok(fixture.log.includes("probe: done later"), fixture.log.join("\n"));
});

Deno.test("a function that cannot start is named with what it printed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_functions_" });
  await Deno.mkdir(`${folder}/broken`);
  await Deno.writeTextFile(`${folder}/broken/index.ts`, 'throw new Error("no such luck");');
  const start = probe({ folder });
  await assert.rejects(start, /Cannot start the function "broken":[^]*no such luck/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a function's process is in a group of its own, which Ctrl-C does not reach", async () => {
  await using fixture = await probe();
  const pid = await (await fixture.get("probe/pid")).text();
  const [, , group] = (await Deno.readTextFile(`/proc/${pid}/stat`)).split(") ")[1]!.split(" ");
  assert.equal(group, pid);
});

Deno.test("a function's process ends when its parent does, however that ends", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_functions_" });
  await Deno.mkdir(`${folder}/probe`);
  await Deno.writeTextFile(
    `${folder}/probe/index.ts`,
    "console.log(`pid ${Deno.pid}`); Deno.serve(() => new Response());",
  );
  const source = `
    import { startFunctions } from ${
    JSON.stringify(import.meta.resolve("../../local/functions.ts"))
  };
    await startFunctions({
      folder: ${JSON.stringify(folder)}, importMap: ${JSON.stringify(IMPORT_MAP)},
      deno: ${JSON.stringify(await platformDeno())},
      environment: () => ({}), permissions: () => [], log: (_, line) => console.log(line),
    });`;
  await Deno.writeTextFile(`${folder}/parent.ts`, source);
  const parent = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--no-lock",
      "--import-map",
      IMPORT_MAP,
      `${folder}/parent.ts`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = parent.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const pid = (await reader.read()).value?.match(/^pid (\d+)/)?.[1];
  assert.ok(pid);
  assert.ok(await isRunning(pid));
  parent.kill("SIGKILL");
  await parent.status;
  await reader.cancel();
  const deadline = Date.now() + 5_000;
  while (await isRunning(pid)) assert.ok(Date.now() < deadline, `process ${pid} stays`);
  await Deno.remove(folder, { recursive: true });
});

/** An ended process may stay as a zombie until someone collects it. */
async function isRunning(pid: string): Promise<boolean> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  return status !== "" && !/^State:\s*Z/m.test(status);
}
