/** Keeps one function's process running: starts it again when it dies, kills it where it is told. */
import { setTimeout as delay } from "node:timers/promises";
import type { Orders } from "./function_host.ts";
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
/** A process that stands still reads its orders later. */
const OBEY_TIMEOUT_MS = 2_000;

export class FunctionProcess {
  #name: string;
  #command: Deno.Command;
  #log: Log;
  #child: Deno.ChildProcess | undefined;
  #orders: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #origin: string | undefined;
  #up = Promise.withResolvers<string>();
  #stopping = new AbortController();
  #ended: Promise<void> | undefined;
  #lastLines: string[] = [];
  #wasKilled = false;
  #armed: Arming[] = [];
  #orderNumber = 0;
  #obeyed = new EventTarget();

  constructor(name: string, command: Deno.Command, log: Log) {
    this.#name = name;
    this.#command = command;
    this.#log = log;
  }

  /** `http://127.0.0.1:<port>` while the process takes requests. */
  get origin(): string | undefined {
    return this.#origin;
  }

  /** The points that still wait for the function. */
  get armed(): Arming[] {
    return this.#armed.map((arming) => ({ ...arming }));
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

  /** Arms these points in place of those before; resolves when the process knows. */
  async arm(armed: Arming[]): Promise<void> {
    this.#armed = armed.filter(({ times }) => times > 0);
    await this.#order();
  }

  /** Ends the process, which may finish its background work, and restarts it no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#orders?.close().catch(() => {});
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
    this.#orders = child.stdin.getWriter();
    const output = [this.#read(child.stdout), this.#read(child.stderr)];
    void this.#order();
    const { code, signal } = await child.status;
    this.#origin = undefined;
    this.#up = Promise.withResolvers();
    this.#obeyed.dispatchEvent(new Event("end"));
    await Promise.all(output);
    await this.#orders.close().catch(() => {});
    if (!this.#stopping.signal.aborted) this.#note(`process ended: ${signal ?? `code ${code}`}`);
  }

  async #read(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const lines = output.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const [, what, value = ""] = line.match(HOST_LINE) ?? [];
      if (what === "port") this.#listensOn(value);
      else if (what === "reached") this.#reached(JSON.parse(value));
      else if (what === "obeys") this.#obeyed.dispatchEvent(new Event(value));
      else this.#note(line);
    }
  }

  #listensOn(port: string) {
    this.#origin = `http://127.0.0.1:${port}`;
    this.#up.resolve(this.#origin);
  }

  /** The process stands still; one that is to be killed does nothing more. */
  #reached({ point, ms }: Pick<Arming, "point" | "ms">) {
    this.#note(ms === null ? `killed at ${point}` : `stands still at ${point} for ${ms} ms`);
    const met = this.#armed.find((each) => each.point === point && each.ms === ms);
    if (met) met.times--;
    this.#armed = this.#armed.filter(({ times }) => times > 0);
    if (ms === null) void this.kill();
  }

  /** Tells the process what is armed; resolves when it has read that, ends, or stands still. */
  async #order(): Promise<void> {
    const number = ++this.#orderNumber;
    const orders: Orders = { number, armed: this.#armed };
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, OBEY_TIMEOUT_MS);
    const listening = new AbortController();
    for (const event of [String(number), "end"]) {
      this.#obeyed.addEventListener(event, () => resolve(), { signal: listening.signal });
    }
    const line = new TextEncoder().encode(`${JSON.stringify(orders)}\n`);
    // A process that has just ended is told when it starts again.
    this.#orders?.write(line).catch(() => resolve());
    await promise;
    clearTimeout(timer);
    listening.abort();
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
