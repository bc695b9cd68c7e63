/** Decides when one job runs. A run that comes due while the job still runs waits for its end. */
import type { Job } from "./run.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";

/** The longest time `setTimeout` can wait is 24 days; a look in between costs nothing. */
const LONGEST_WAIT_MS = 60 * 60 * 1_000;

export class JobTimer {
  #job: Job;
  #run: (job: Job) => Promise<void>;
  #schedule: Schedule;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the last run, or when the job was first seen; intervals count from here. */
  #startedAt = Date.now();
  /** The time of the clock that the timer waits for. */
  #dueAt = new Date();
  #running = false;
  #waiting = 0;
  #cancelled = false;

  /** Begins at once; `run` must not reject. */
  constructor(job: Job, run: (job: Job) => Promise<void>) {
    this.#job = job;
    this.#run = run;
    this.#schedule = parseSchedule(job.schedule);
    this.#arm();
  }

  /** Takes the job as it is now; says no, and ends, when it is gone or has another schedule. */
  update(job: Job | undefined): boolean {
    if (!job || job.schedule !== this.#job.schedule) {
      this.cancel();
      return false;
    }
    this.#job = job;
    return true;
  }

  /** What `@reboot` waits for. */
  workerStarted(): void {
    if (this.#schedule.kind === "start") this.#due();
  }

  /** Starts no further run. */
  cancel(): void {
    this.#cancelled = true;
    clearTimeout(this.#timer);
  }

  #arm() {
    clearTimeout(this.#timer);
    const due = this.#nextDue();
    if (due === undefined || this.#cancelled) return;
    this.#dueAt = new Date(due);
    const wait = due - Date.now();
    this.#timer = wait > LONGEST_WAIT_MS
      ? setTimeout(() => this.#arm(), LONGEST_WAIT_MS)
      : setTimeout(() => this.#due(), Math.max(0, wait));
  }

  #nextDue(): number | undefined {
    if (this.#schedule.kind === "interval") return this.#startedAt + this.#schedule.ms;
    if (this.#schedule.kind === "start") return undefined;
    // A timer can fire a little early: the same minute must not come twice.
    const early = this.#dueAt.getTime() - Date.now();
    const after = early > 0 && early < 1_000 ? this.#dueAt : new Date();
    return this.#schedule.next(after)?.getTime();
  }

  #due() {
    // Of an interval, one run waits at most; of the clock, each time counts.
    this.#waiting = this.#schedule.kind === "interval" ? 1 : this.#waiting + 1;
    if (this.#schedule.kind === "clock") this.#arm();
    if (!this.#running) this.#start();
  }

  async #start() {
    this.#running = true;
    while (this.#waiting > 0 && !this.#cancelled) {
      this.#waiting--;
      this.#startedAt = Date.now();
      if (this.#schedule.kind === "interval") this.#arm();
      await this.#run(this.#job);
    }
    this.#running = false;
  }
}
