/**
 * The Edge Functions of the local stack: one process per function on the Deno that the platform is
 * compatible with, each knowing only the environment and the permissions it is given.
 */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Arming } from "./function_points.ts";
import { FunctionProcess } from "./function_process.ts";
import type { FunctionOrigins } from "./gateway/forward.ts";

export interface FunctionsOptions {
  /** `supabase/functions`: each folder in it that has an `index.ts` is a function. */
  folder: string;
  /** These alone, where not all of them are to start. */
  names?: string[];
  /** These start when they are first asked for, as on the platform. */
  lazy?: string[];
  /** The path of the import map that the functions share. */
  importMap: string;
  /** The path of the platform's Deno: `platformDeno()`. */
  deno: string;
  /** All that function `name` finds in its environment, beside what Deno itself needs. */
  environment: (name: string) => Record<string, string>;
  /** Deno's flags, `--allow-env=…`, `--allow-net=…`; without them the function may do nothing. */
  permissions: (name: string) => string[];
  /** A folder for lock files, one a function; without it, one beside the modules that they name. */
  locks?: string;
  /** Told of each line that a function prints, and of its restarts. */
  log?: (name: string, line: string) => void;
}

export interface FunctionHosts extends FunctionOrigins {
  names: string[];
  /** The id of the function's process, while it has one. */
  pidOf(name: string): number | undefined;
  /** SIGKILL; resolves when the process is gone. It is started again at once. */
  kill(name: string): Promise<void>;
  /** Arms these points of a function in place of those before; resolves when its process knows. */
  arm(name: string, armed: Arming[]): Promise<void>;
  /** The points of a function that have not struck as often as they were told to. */
  armed(name: string): Arming[];
  stop(): Promise<void>;
}

const HOST = fileURLToPath(new URL("./function_host.ts", import.meta.url));

/** The platform's rule for names: `_shared` is none. */
const FUNCTION_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** What Deno itself reads: where modules are, and which certificates to trust. */
const FOR_DENO = ["DENO_DIR", "HOME", "XDG_CACHE_HOME", "DENO_CERT", "DENO_TLS_CA_STORE"];

const prepared = new Map<string, Promise<void>>();
let moduleCache: Promise<string> | undefined;

/** Starts the functions; resolves when all listen. Throws when one does not, and stops the rest. */
export async function startFunctions(options: FunctionsOptions): Promise<FunctionHosts> {
  const { folder, lazy = [], log = () => {} } = options;
  await prepareFunctions(options);
  const names = options.names ?? await functionNames(folder);
  const locks = options.locks ??
    join(await (moduleCache ??= findModuleCache()), "switchboard_locks");
  const processes = new Map(names.map((name) => {
    const command = commandFor(name, { ...options, locks });
    return [name, new FunctionProcess(name, command, (line) => log(name, line))];
  }));
  const stop = async () => {
    await Promise.all([...processes.values()].map((process) => process.stop()));
  };
  const eager = names.filter((name) => !lazy.includes(name));
  const started = await Promise.allSettled(eager.map((name) => processes.get(name)?.start()));
  const failure = started.find((result) => result.status === "rejected");
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return {
    names,
    has: (name) => processes.has(name),
    originOf: (name) => processes.get(name)?.origin,
    pidOf: (name) => processes.get(name)?.pid,
    async untilUp(name, timeoutMs) {
      processes.get(name)?.wake();
      return await processes.get(name)?.untilUp(timeoutMs);
    },
    kill: async (name) => await processes.get(name)?.kill(),
    arm: async (name, armed) => await processes.get(name)?.orders.arm(armed),
    armed: (name) => processes.get(name)?.orders.armed ?? [],
    stop,
  };
}

/**
 * Downloads every module of the functions, once per process, with the Deno that runs this: its
 * cache serves the platform's Deno too, which cannot reach every registry. Throws what Deno says.
 */
export async function prepareFunctions(
  { folder, importMap }: Pick<FunctionsOptions, "folder" | "importMap">,
): Promise<void> {
  const key = JSON.stringify([folder, importMap]);
  if (!prepared.has(key)) prepared.set(key, cacheModules(folder, importMap));
  await prepared.get(key)?.catch((error) => {
    prepared.delete(key);
    throw error;
  });
}

/** The names of the functions in the folder, sorted. */
export async function functionNames(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && FUNCTION_NAME.test(name) && await exists(indexOf(folder, name))) {
      names.push(name);
    }
  }
  return names.sort();
}

async function cacheModules(folder: string, importMap: string) {
  const modules = (await functionNames(folder)).map((name) => indexOf(folder, name));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "--no-config", "--no-lock", ...mapped(importMap), HOST, ...modules],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  throw new Error(`Cannot fetch the functions' modules: ${new TextDecoder().decode(stderr)}`);
}

/** Where Deno keeps modules. */
async function findModuleCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config", "--no-lock"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/**
 * The first start writes the function's lock file. Without one each start reads the lists of all
 * versions of its packages, as a deployed function does not: 150 ms of computing for the orchestrator.
 */
function commandFor(
  name: string,
  options: FunctionsOptions & { locks: string },
): Deno.Command {
  const { folder, importMap, deno, environment, permissions, locks } = options;
  const index = indexOf(folder, name);
  // The host imports the function by a computed name, which needs the right to read its files.
  const ownFiles = `--allow-read=${join(folder, name)},${join(folder, "_shared")}`;
  return new Deno.Command(deno, {
    args: [
      "run",
      ...["--quiet", "--no-config", "--cached-only", "--no-prompt"],
      `--lock=${join(locks, name)}.lock`,
      ...mapped(importMap),
      ownFiles,
      ...withListening(permissions(name)),
      HOST,
      name,
      pathToFileURL(index).href,
    ],
    clearEnv: true,
    env: { ...environmentForDeno(), ...environment(name) },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // Ctrl-C in a terminal goes to every process of its group; the stack ends these in its order.
    detached: true,
  });
}

/** Adds the right to listen on a free port to what the function may reach. */
function withListening(flags: string[]): string[] {
  if (flags.includes("--allow-net")) return flags;
  const listening = "127.0.0.1:0";
  const reaching = flags.find((flag) => flag.startsWith("--allow-net="));
  const others = flags.filter((flag) => flag !== reaching);
  return [...others, reaching ? `${reaching},${listening}` : `--allow-net=${listening}`];
}

function environmentForDeno(): Record<string, string> {
  const found = FOR_DENO.map((name) => [name, Deno.env.get(name)]);
  return {
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    ...Object.fromEntries(found.filter(([, value]) => value)),
  };
}

function mapped(importMap: string): string[] {
  return ["--import-map", importMap];
}

function indexOf(folder: string, name: string): string {
  return join(folder, name, "index.ts");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
