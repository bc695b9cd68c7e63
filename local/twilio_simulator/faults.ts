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

/** Done at once, for targets that are no place in the simulator. */
export type Press = (mode: string, times: number) => Promise<void> | void;

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
  webhooks: ["drop"],
};

export class Faults {
  readonly #targets = new Map<string, { modes: string[]; press: Press | undefined }>();
  #active: Fault[] = [];

  constructor() {
    for (const [target, modes] of Object.entries(OWN_TARGETS)) this.register(target, modes);
  }

  /** Adds a target. A mode may end in a place for a value, as `slow:<ms>` does. */
  register(target: string, modes: string[], press?: Press): void {
    this.#targets.set(target, { modes, press });
  }

  /** Makes a fault strike the next `times` times; an unknown target or mode is an error. */
  async press({ target, mode, times = 1 }: FaultRequest): Promise<void> {
    const known = this.#targets.get(target);
    if (!known) throw new Error(`Cannot press fault: target "${target}" is unknown`);
    if (!known.modes.some((pattern) => fits(pattern, mode))) {
      throw new Error(`Cannot press fault: mode "${mode}" of "${target}" is unknown`);
    }
    if (known.press) await known.press(mode, times);
    else this.#active.push({ target, mode, times });
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
  list(): { targets: Record<string, string[]>; active: Fault[] } {
    const targets = [...this.#targets].map(([target, { modes }]) => [target, modes]);
    return {
      targets: Object.fromEntries(targets),
      active: this.#active.map((each) => ({ ...each })),
    };
  }

  clear(): void {
    this.#active = [];
  }
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
