/** Times, numbers and states as a person reads them. */

/** `850 ms`, `12 s`, `4 min`, `3 h`, `2 d`. */
export function duration(ms: number): string {
  const value = Math.max(0, ms);
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(value / 1000).toFixed(1)} s`;
  if (value < 60_000) return `${Math.round(value / 1000)} s`;
  if (value < 3_600_000) return `${Math.floor(value / 60_000)} min`;
  if (value < 86_400_000) return `${Math.floor(value / 3_600_000)} h`;
  return `${Math.floor(value / 86_400_000)} d`;
}

/** The time since then, in whole seconds at least: it shall not change with every look. */
export function since(at: string | Date, now = Date.now()): string {
  const ms = now - new Date(at).getTime();
  return ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms);
}

/** `14:03:09`, in the time of the machine. */
export function clock(at: string | Date): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** `14:03`; of another day with the date. */
export function shortTime(at: string | Date, now = new Date()): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}

/** `handed_over` becomes `handed over`. */
export function spoken(word: string): string {
  return word.replaceAll("_", " ");
}

/** A row's JSON, a field a line, in the order of its names. */
export function prettyRow(row: string): string {
  return JSON.stringify(JSON.parse(row), null, 2);
}
