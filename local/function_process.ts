/** Keeps one function's process running: starts it again when it dies, kills it where it is told. */
import { setTimeout as delay } from "node:timers/promises";
import { FunctionOrders } from "./function_orders.ts";
import type { Arming } from "./function_points.ts";
import { TextLineStream } from "./text_lines.ts";

export type Log = (line: string) => void;

/** What `function_host.ts` tells: its port, the points it came to, the orders it has read. */
const HOST_LINE = /^function-host: (port|reached|obeys) (.*)$/;
/** The pause before a restart: doubled each time, until a process lives long enough. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
const LONG_LIFE_MS = 10_000;
/** A little longer than the host lets background work go on. */
const STOP_PATIENCE_MS = 4_000;

export class FunctionProcess {
  /** The points of its work at which it is to stop. */
  readonly orders: FunctionOrders = new FunctionOrders();
  #name: string;
  #command: Deno.Command;
  #log: Log;
  #child: Deno.ChildProcess | undefined;
  #origin: string | undefined;
  #up = Promise.withResolvers<string>();
  #stopping = new AbortController();
  #ended: Promise<void> | undefined;
  #lastLines: string[] = [];
  #wasKilled = false;

  constructor(name: string, command: Deno.Command, log: Log) {
    this.#name = name;
    this.#command = command;
    this.#log = log;
  }

  /** `http://127.0.0.1:<port>` while the process takes requests. */
  get origin(): string | undefined {
    return this.#origin;
  }

  /** The process' id, as long as there is a process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the function listens. Throws, with what it printed, when it ends before. */
  async start(): Promise<void> {
    const firstRun = this.#run();
    this.#ended = firstRun.then(() => this.#restart());
    const isUp = await Promise.race([this.#up.promise.then(() => true), firstRun]);
    if (isUp) return;
    await this.stop();
    throw new Error(`Cannot start the function "${this.#name}":\n${this.#lastLines.join("\n")}`);
  }

  /** Starts it unless that was done before; whether it comes up, `untilUp` tells. */
  wake(): void {
    if (this.#ended || this.#stopping.signal.aborted) return;
    this.start().catch((error) => this.#note(String(error)));
  }

  /** The origin, waiting for a restart under way; `undefined` when that takes longer. */
  async untilUp(timeoutMs: number): Promise<string | undefined> {
    const enough = new AbortController();
    const tooLate = delay(timeoutMs, undefined, { signal: enough.signal }).catch(() => undefined);
    return await Promise.race([this.#up.promise, tooLate]).finally(() => enough.abort());
  }

  /** SIGKILL, as when a machine dies; resolves when the process is gone. It is then restarted. */
  async kill(): Promise<void> {
    this.#wasKilled = true;
    this.#signal("SIGKILL");
    await this.#child?.status;
  }

  /** Ends the process, which may finish its background work, and restarts it no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.orders.close();
    const timer = setTimeout(() => this.#signal("SIGKILL"), STOP_PATIENCE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #restart(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      if (this.#wasKilled) pauseMs = FIRST_PAUSE_MS;
      this.#wasKilled = false;
      this.#log(`starting again in ${pauseMs} ms`);
      await delay(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const startedAt = performance.now();
      await this.#run();
      const livedLong = performance.now() - startedAt > LONG_LIFE_MS;
      pauseMs = livedLong ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  /** One life of the process; resolves when it is over and all its output is read. */
  async #run(): Promise<void> {
    const child = this.#command.spawn();
    this.#child = child;
    const output = [this.#read(child.stdout), this.#read(child.stderr)];
    this.orders.processStarted(child.stdin);
    const { code, signal } = await child.status;
    this.#origin = undefined;
    this.#up = Promise.withResolvers();
    await Promise.all(output);
    await this.orders.processEnded();
    if (!this.#stopping.signal.aborted) this.#note(`process ended: ${signal ?? `code ${code}`}`);
  }

  async #read(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const lines = output.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const [, what, value = ""] = line.match(HOST_LINE) ?? [];
      if (what === "port") this.#listensOn(value);
      else if (what === "reached") this.#reached(JSON.parse(value));
      else if (what === "obeys") this.orders.obeyed(value);
      else this.#note(line);
    }
  }

  #listensOn(port: string) {
    this.#origin = `http://127.0.0.1:${port}`;
    this.#up.resolve(this.#origin);
  }

  /** The process stands still; one that is to be killed does nothing more. */
  #reached({ point, ms }: Pick<Arming, "point" | "ms">) {
    this.orders.reached({ point, ms });
    this.#note(ms === null ? `killed at ${point}` : `stands still at ${point} for ${ms} ms`);
    if (ms === null) void this.kill();
  }

  #note(line: string) {
    this.#lastLines = [...this.#lastLines.slice(-19), line];
    this.#log(line);
  }

  #signal(signal: Deno.Signal) {
    try {
      this.#child?.kill(signal);
    } catch {
      // It is gone already.
    }
  }
}
