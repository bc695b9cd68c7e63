/**
 * Faults at the press of a button. Each place of the simulator that can fail asks `take` whether it
 * shall; other parts of the local stack add targets of their own, with what to do at once.
 */
export interface Fault {
  target: string;
  mode: string;
  /** How many times it still strikes. */
  times: number;
}

export type FaultRequest = Omit<Fault, "times"> & { times?: number | undefined };

/** Done at once, for targets that are no place in the simulator; zero times takes a mode back. */
export type Press = (mode: string, times: number) => Promise<void> | void;

/** How a target that has faults of its own shows and ends them. */
export interface OwnFaults {
  active(): Omit<Fault, "target">[];
  clear(): Promise<void> | void;
}

interface Target {
  modes: readonly string[];
  press: Press | undefined;
  own: OwnFaults | undefined;
}

const CALLBACK_MODES = ["early", "late", "shuffled", "repeated", "none"];

/** The simulator's own targets; `twilio` is sending, `twilio_list` every GET of Twilio's API. */
const OWN_TARGETS: Record<string, string[]> = {
  twilio: [
    "refuse:<code>",
    "status:<http>",
    "hang",
    "accept_then_hang",
    "slow:<ms>",
    ...CALLBACK_MODES.map((mode) => `callbacks:${mode}`),
  ],
  twilio_list: ["refuse:<code>", "status:<http>", "hang", "slow:<ms>", "lag:<ms>"],
  webhooks: ["drop", "no_connection"],
};

export class Faults {
  readonly #targets = new Map<string, Target>();
  #active: Fault[] = [];

  constructor() {
    for (const [target, modes] of Object.entries(OWN_TARGETS)) this.register(target, modes);
  }

  /** Adds a target. A mode may end in a place for a value, as `slow:<ms>` does. */
  register(target: string, modes: readonly string[], press?: Press, own?: OwnFaults): void {
    this.#targets.set(target, { modes, press, own });
  }

  /**
   * Makes a fault strike the next `times` times, or with 0 no more. An unknown target or mode is an
   * Error that lists those there are.
   */
  async press({ target, mode, times = 1 }: FaultRequest): Promise<void> {
    const known = this.#targets.get(target);
    if (!known) throw unknown(`target "${target}"`, [...this.#targets.keys()]);
    if (!known.modes.some((pattern) => fits(pattern, mode))) {
      throw unknown(`mode "${mode}" of "${target}"`, known.modes);
    }
    if (known.press) await known.press(mode, times);
    else if (times > 0) this.#active.push({ target, mode, times });
    else this.#active = this.#active.filter((at) => at.target !== target || at.mode !== mode);
  }

  /** The mode of the oldest active fault of this target and kind; it is used up once by this. */
  take(target: string, isOfKind: (mode: string) => boolean = () => true): string | undefined {
    const fault = this.#active.find((each) => each.target === target && isOfKind(each.mode));
    if (!fault) return undefined;
    fault.times--;
    this.#active = this.#active.filter(({ times }) => times > 0);
    return fault.mode;
  }

  /** Every target with its modes, and what still waits to strike. */
  list(): { targets: Record<string, readonly string[]>; active: Fault[] } {
    const targets = [...this.#targets].map(([target, { modes }]) => [target, modes]);
    const own = [...this.#targets].flatMap(([target, { own }]) =>
      (own?.active() ?? []).map((fault) => ({ target, ...fault }))
    );
    return {
      targets: Object.fromEntries(targets),
      active: [...this.#active.map((each) => ({ ...each })), ...own],
    };
  }

  /** Ends every fault, of the registered targets too, in the order in which they came. */
  async clear(): Promise<void> {
    this.#active = [];
    for (const { own } of this.#targets.values()) await own?.clear();
  }
}

function unknown(what: string, known: readonly string[]): Error {
  return new Error(`Cannot press fault: ${what} is unknown; there are ${known.join(", ")}`);
}

/** The value behind a mode's colon, as a number. */
export function valueOf(mode: string): number {
  return Number(mode.slice(mode.lastIndexOf(":") + 1));
}

function fits(pattern: string, mode: string): boolean {
  const [prefix = "", name] = pattern.split("<");
  if (name === undefined) return mode === pattern;
  const value = mode.slice(prefix.length);
  const isNumber = ["code>", "http>", "ms>"].includes(name);
  return mode.startsWith(prefix) && (isNumber ? /^\d+$/ : /./).test(value);
}
