/**
 * A real Postgres 17 in a folder of its own: the distribution, the stand-in extensions, the
 * cluster. Postgres refuses to run as root, so root starts it as another user.
 */
import { dirname, join, resolve } from "node:path";
import { installExtensions } from "./extensions.ts";
import { assertFree } from "./free_port.ts";
import { postgresDistribution } from "./packages.ts";

export interface PostgresOptions {
  /** Holds everything: distribution, cluster and log. Made if absent. */
  folder: string;
  port: number;
  /** Told what takes long, in a few words. */
  progress?: (text: string) => void;
}

export interface PostgresServer {
  port: number;
  /** Ends every session and stops; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL to the postmaster, as a machine that loses power. */
  kill(): Promise<void>;
}

/** The password of every role that may log in, as in Supabase's own local stack. */
export const PASSWORD = "postgres";

/** `nobody`: exists on every Linux, owns nothing. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** Starts the cluster in `folder`, making it first where there is none. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { port, progress = () => {} } = options;
  const folder = await usableFolder(options.folder, progress);
  const distribution = join(folder, "postgres");
  const cluster = join(folder, "cluster");
  await installDistribution(distribution, progress);
  await installExtensions(join(distribution, "share/postgresql/extension"));
  await stopLeftover(distribution, cluster, progress);
  assertFree({ postgres: port });
  if (!await exists(join(cluster, "PG_VERSION"))) {
    progress("Postgres: making the cluster");
    await makeCluster(distribution, cluster);
  }
  return await launch(distribution, cluster, port);
}

/** The URL of a database on a local server, for one of the roles that may log in. */
export function databaseUrl(port: number, database = "postgres", role = "postgres"): string {
  return `postgresql://${role}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

function asUnprivileged(): { uid: number; gid: number } | Record<never, never> {
  return Deno.uid() === 0 ? UNPRIVILEGED : {};
}

/**
 * The folder as an absolute path, open to the user whom Postgres runs as. Where root asks for a
 * folder behind closed doors (under /root, say), the data goes to /var/lib/switchboard instead.
 */
async function usableFolder(wanted: string, progress: (text: string) => void): Promise<string> {
  const folder = resolve(wanted);
  await Deno.mkdir(folder, { recursive: true });
  if (Deno.uid() !== 0) return folder;
  await Deno.chmod(folder, 0o711);
  if (await isReachable(dirname(folder))) return folder;
  const elsewhere = join("/var/lib/switchboard", folder.replaceAll("/", "_"));
  await Deno.mkdir(elsewhere, { recursive: true });
  progress(`Postgres: its user cannot enter ${folder}, so its data is in ${elsewhere}`);
  return elsewhere;
}

async function isReachable(folder: string): Promise<boolean> {
  const { mode } = await Deno.stat(folder);
  const searchable = ((mode ?? 0) & 0o001) !== 0;
  return searchable && (folder === "/" || await isReachable(dirname(folder)));
}

async function installDistribution(to: string, progress: (text: string) => void) {
  const marker = join(to, ".installed-from");
  const from = await postgresDistribution();
  if (await Deno.readTextFile(marker).catch(() => "") === from) return;
  progress("Postgres: unpacking");
  await Deno.remove(to, { recursive: true }).catch(ignoreMissing);
  await copyFolder(from, to);
  await linkLibraries(to);
  await Deno.writeTextFile(marker, from);
}

/** Deno does not run the package's install script, which would make these links. */
async function linkLibraries(distribution: string) {
  const links: { source: string; target: string }[] = JSON.parse(
    await Deno.readTextFile(join(distribution, "pg-symlinks.json")),
  );
  const inside = (path: string) => join(distribution, path.replace(/^native\//, ""));
  for (const { source, target } of links) await Deno.symlink(inside(source), inside(target));
}

async function copyFolder(from: string, to: string) {
  await Deno.mkdir(to, { recursive: true, mode: 0o755 });
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyFolder(source, target);
    else {
      await Deno.copyFile(source, target);
      await Deno.chmod(target, to.endsWith("/bin") ? 0o755 : 0o644);
    }
  }
}

async function makeCluster(distribution: string, cluster: string) {
  await Deno.mkdir(cluster, { recursive: true, mode: 0o700 });
  if (Deno.uid() === 0) await Deno.chown(cluster, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const passwordFile = join(dirname(cluster), "password");
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o644 });
  await run(join(distribution, "bin/initdb"), [
    `--pgdata=${cluster}`,
    "--username=supabase_admin",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
  ]);
  await Deno.remove(passwordFile);
}

async function launch(
  distribution: string,
  cluster: string,
  port: number,
): Promise<PostgresServer> {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    max_connections: "200",
    logging_collector: "on",
    log_directory: "log",
    log_filename: "postgres.log",
  };
  const server = new Deno.Command(join(distribution, "bin/postgres"), {
    args: ["-D", cluster, ...Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`])],
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
    // Ctrl-C in a terminal goes to every process of its group; this one ends when we say so.
    detached: true,
    ...asUnprivileged(),
  }).spawn();
  guardAgainstOrphan(server);
  await untilReady(server, cluster);
  return {
    port,
    stop: () => end(server, ["SIGINT", "SIGQUIT"]),
    kill: () => end(server, ["SIGKILL"]),
  };
}

/** Ends Postgres when we are gone, however we went: the guard reads from us, until nothing comes. */
function guardAgainstOrphan(server: Deno.ChildProcess) {
  const guard = new Deno.Command("sh", {
    args: ["-c", 'while read -r _; do :; done; kill -INT "$0"', String(server.pid)],
    cwd: "/",
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true,
    ...asUnprivileged(),
  }).spawn();
  server.status.then(async () => {
    guard.kill("SIGKILL");
    await guard.status;
    await guard.stdin.close().catch(() => {});
  });
}

/** Postgres writes "ready" into the eighth line of postmaster.pid when it takes connections. */
async function untilReady(server: Deno.ChildProcess, cluster: string) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let exited = false;
  server.status.then(() => exited = true);
  const log = join(cluster, "log/postgres.log");
  while (Date.now() < deadline && !exited) {
    const lines = (await Deno.readTextFile(join(cluster, "postmaster.pid")).catch(() => ""))
      .split("\n");
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return;
    await new Promise((done) => setTimeout(done, 10));
  }
  if (!exited) await end(server, ["SIGQUIT"]);
  const said = (await Deno.readTextFile(log).catch(() => "")).trim().split("\n").slice(-5);
  throw new Error(`Cannot start Postgres: ${said.join("\n") || `see ${log}`}`);
}

/** Sends the first signal and waits; sends the next one if the process stays. */
async function end(server: Deno.ChildProcess, [signal, ...harsher]: Deno.Signal[]): Promise<void> {
  if (!signal) throw new Error(`Cannot stop Postgres: process ${server.pid} stays`);
  try {
    server.kill(signal);
  } catch {
    return; // It is gone already.
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<false>((done) => {
    timer = setTimeout(() => done(false), STOP_TIMEOUT_MS);
  });
  const gone = await Promise.race([server.status.then(() => true), patience]);
  clearTimeout(timer);
  if (!gone) await end(server, harsher);
}

/** A stack that was killed leaves its Postgres behind; two must never share a cluster. */
async function stopLeftover(
  distribution: string,
  cluster: string,
  progress: (text: string) => void,
) {
  const pid = (await Deno.readTextFile(join(cluster, "postmaster.pid")).catch(() => "")).split(
    "\n",
  )[0];
  if (!pid || !await exists(`/proc/${pid}`)) return;
  progress(`Postgres: stopping process ${pid}, left by an earlier run`);
  await run(join(distribution, "bin/pg_ctl"), ["stop", "-D", cluster, "-m", "fast"]);
}

async function run(program: string, args: string[]) {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    cwd: "/",
    ...asUnprivileged(),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot run ${program}: ${new TextDecoder().decode(stderr)}`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

function ignoreMissing(error: unknown) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
