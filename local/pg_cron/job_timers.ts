/** The timers of all jobs, kept as cron.job says, and the runs under way. */
import { JobTimer } from "./job_timer.ts";
import type { Job } from "./run.ts";

export class JobTimers {
  #run: (job: Job) => Promise<void>;
  #onError: (error: unknown) => void;
  #timers = new Map<string, JobTimer>();
  #runs = new Set<Promise<void>>();
  #cancelled = false;

  /** `run` runs a job once; what it throws goes to `onError`, and the job comes again. */
  constructor(run: (job: Job) => Promise<void>, onError: (error: unknown) => void) {
    this.#run = run;
    this.#onError = onError;
  }

  /** Takes these as the active jobs; a job whose schedule is unchanged keeps its time. */
  set(jobs: Job[]): void {
    if (this.#cancelled) return;
    const wanted = new Map(jobs.map((job) => [job.jobid, job]));
    for (const [id, timer] of this.#timers) {
      if (timer.update(wanted.get(id))) wanted.delete(id);
      else this.#timers.delete(id);
    }
    for (const job of wanted.values()) this.#add(job);
  }

  /** What `@reboot` waits for. */
  workerStarted(): void {
    for (const timer of this.#timers.values()) timer.workerStarted();
  }

  /** Starts nothing more; resolves when the runs under way have ended. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    for (const timer of this.#timers.values()) timer.cancel();
    await Promise.all(this.#runs);
  }

  #add(job: Job) {
    try {
      this.#timers.set(job.jobid, new JobTimer(job, (job) => this.#start(job)));
    } catch (error) {
      this.#onError(error); // A schedule that only pg_cron understands stops no other job.
    }
  }

  async #start(job: Job) {
    const ended = this.#run(job).catch(this.#onError);
    this.#runs.add(ended);
    await ended;
    this.#runs.delete(ended);
  }
}
