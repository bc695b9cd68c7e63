/** Rules of Twilio that only some tests want: off at first, changed while it runs. */
import { z } from "zod";
import { magicFailure } from "./magic_numbers.ts";
import type { Message } from "./message.ts";
import type { Simulation } from "./simulation.ts";

/** A customer may be answered freely for so long after their last message. */
const WINDOW_MS = 24 * 60 * 60 * 1000;
const OUTSIDE_WINDOW = 63016;
const OPTED_OUT = 21610;

/** Body of `POST /simulator/rules`: the rules to change. */
export const Rules = z.strictObject({
  /** Whether free text on WhatsApp fails later than 24 hours after the customer's last message. */
  window: z.boolean(),
  /** For so long after a message came, its media answer 404. */
  mediaReadyMs: z.int().nonnegative(),
});
export type Rules = z.infer<typeof Rules>;

export const NO_RULES: Rules = { window: false, mediaReadyMs: 0 };

/** The code with which an accepted message fails, or null. */
export function failureOf(simulation: Simulation, message: Message): number | null {
  if (simulation.optedOut.has(message.to)) return OPTED_OUT;
  if (simulation.rules.window && isOutsideWindow(simulation, message)) return OUTSIDE_WINDOW;
  return magicFailure(message.to);
}

/** Keeps who opted out, where Twilio's Advanced Opt-Out says so; START takes it back. */
export function noteOptOut({ optedOut }: Simulation, { from, parameters }: Message): void {
  const type = parameters?.get("OptOutType");
  if (from === null) return;
  if (type === "STOP") optedOut.add(from);
  if (type === "START") optedOut.delete(from);
}

/** Whether a message's media can be fetched by now. */
export function isMediaReady({ rules }: Simulation, { dateCreated }: Message): boolean {
  return Date.now() - dateCreated.getTime() >= rules.mediaReadyMs;
}

function isOutsideWindow({ messages }: Simulation, message: Message): boolean {
  if (!message.to.startsWith("whatsapp:") || message.contentSid !== null) return false;
  const opened = messages.newestFirst().find(({ direction, from, to }) =>
    direction === "inbound" && from === message.to && (message.from === null || to === message.from)
  );
  return !opened || Date.now() - opened.dateCreated.getTime() > WINDOW_MS;
}
