/** When a job is due: pg_cron's schedules, which cron.schedule() has checked already. */
import { Cron } from "croner";

/** A job runs every so many milliseconds, at times of the clock, or once when the worker starts. */
export type Schedule =
  | { kind: "interval"; ms: number }
  | { kind: "clock"; next: (after: Date) => Date | null }
  | { kind: "start" };

const SHORT_FORMS: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Reads `30 seconds`, `@hourly` or five fields, in GMT; throws for anything else. */
export function parseSchedule(text: string): Schedule {
  const trimmed = text.trim().toLowerCase();
  const seconds = trimmed.match(/^(\d+) +seconds?$/)?.[1];
  if (seconds) return { kind: "interval", ms: Number(seconds) * 1_000 };
  if (trimmed === "@reboot") return { kind: "start" };
  const fields = (SHORT_FORMS[trimmed] ?? trimmed).split(/\s+/);
  if (fields[2] === "$") fields[2] = "L"; // pg_cron's and croner's last day of the month.
  const cron = new Cron(fields.join(" "), { mode: "5-part", timezone: "UTC", paused: true });
  return { kind: "clock", next: (after) => cron.nextRun(after) };
}
