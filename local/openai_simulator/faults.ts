/** What can be made to go wrong with the model, a given number of times. */

/** The ways in which an answer with status 200 can be useless. */
const NONSENSE = [
  "not_json",
  "wrong_schema",
  "empty",
  "refusal",
  "incomplete",
  "broken_body",
] as const;
export type Nonsense = (typeof NONSENSE)[number];

export type Fault =
  | { kind: "slow"; ms: number }
  | { kind: "status"; status: number; code?: string }
  | { kind: "hang" }
  | { kind: "nonsense"; nonsense: Nonsense };

/** Every mode as `setFault` takes it, for people to read. */
export const FAULT_MODES: readonly string[] = [
  "slow:<ms>",
  "status:<http>",
  "status:<http>:<code>",
  "hang",
  "nonsense",
  ...NONSENSE.map((nonsense) => `nonsense:${nonsense}`),
];

/** The one fault that is active, if any. */
export class FaultBox {
  #active: { mode: string; fault: Fault; remaining: number } | null = null;

  /** Replaces the active fault for the next `times` requests. Throws on a mode it does not know. */
  set(mode: string, times: number): void {
    this.#active = { mode, fault: parseFault(mode), remaining: times };
  }

  clear(): void {
    this.#active = null;
  }

  /** What is active and for how many more requests. */
  get active(): { mode: string; remaining: number } | null {
    return this.#active && { mode: this.#active.mode, remaining: this.#active.remaining };
  }

  /** The fault for the request at hand, which uses it up by one. */
  take(): Fault | null {
    const active = this.#active;
    if (!active) return null;
    active.remaining -= 1;
    if (active.remaining <= 0) this.#active = null;
    return active.fault;
  }
}

function parseFault(mode: string): Fault {
  const [kind, value = "", code] = mode.split(":");
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (kind === "hang" && value === "") return { kind };
  if (kind === "slow" && number >= 0) return { kind, ms: number };
  if (kind === "status" && number >= 400 && number <= 599) {
    return { kind, status: number, ...(code ? { code } : {}) };
  }
  const nonsense = NONSENSE.find((name) => name === (value || "not_json"));
  if (kind === "nonsense" && nonsense) return { kind, nonsense };
  throw new Error(`Cannot set fault "${mode}": expected one of ${FAULT_MODES.join(", ")}`);
}
