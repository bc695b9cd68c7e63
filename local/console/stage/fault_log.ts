/** The faults that were pressed here, and whether what they broke is whole again. */
import type { Fault, Faults } from "../../twilio_simulator/faults.ts";
import type { Balance } from "./ledger_watch.ts";

export type FaultState = "armed" | "healing" | "healed";

export interface PressedFault extends Pick<Fault, "target" | "mode"> {
  label: string;
  pressedAt: Date;
  state: FaultState;
  /** From the press to the whole. */
  healedAfterMs?: number;
}

const KEPT = 12;

export class FaultLog {
  #pressed: PressedFault[] = [];

  constructor(readonly faults: Faults) {}

  /** Newest first. */
  get pressed(): readonly PressedFault[] {
    return this.#pressed;
  }

  /** Presses it. Throws when the stack knows no such fault, or cannot do it now. */
  async press(wanted: Fault & { label: string }): Promise<void> {
    const { label, target, mode } = wanted;
    await this.faults.press(wanted);
    const pressedAt = new Date();
    const state: FaultState = this.#isArmed({ target, mode }) ? "armed" : "healing";
    this.#pressed = [{ label, target, mode, pressedAt, state }, ...this.#pressed].slice(0, KEPT);
  }

  /** Compares with the ledger: healed is what strikes no more and left nobody without an answer. */
  update(balance: Balance | undefined): void {
    const isWhole = balance !== undefined && !balance.isOld && balance.lost === 0 &&
      balance.underWay === 0 && balance.unanswered === 0;
    this.#pressed = this.#pressed.map((fault) => {
      if (fault.state === "healed") return fault;
      if (this.#isArmed(fault)) return { ...fault, state: "armed" };
      if (!isWhole || balance.readAt < fault.pressedAt) return { ...fault, state: "healing" };
      const healedAfterMs = Date.now() - fault.pressedAt.getTime();
      return { ...fault, state: "healed", healedAfterMs };
    });
  }

  #isArmed({ target, mode }: Pick<Fault, "target" | "mode">): boolean {
    return this.faults.list().active.some((each) => each.target === target && each.mode === mode);
  }
}
