/** Where the faults of the targets `twilio` and `twilio_list` strike: around one request. */
import type { MiddlewareHandler } from "hono";
import { valueOf } from "./faults.ts";
import { pause } from "./pause.ts";
import type { Simulation } from "./simulation.ts";
import { TwilioError } from "./twilio_error.ts";

/**
 * Fails the request as the active fault of this target says; without one it passes. A slow request
 * is executed even when the client has gone meanwhile, as Twilio may do.
 */
export function faulty(
  simulation: Simulation,
  target: "twilio" | "twilio_list",
): MiddlewareHandler {
  return async (context, next) => {
    const isAboutRequest = (mode: string) => !/^(callbacks|lag):/.test(mode);
    const mode = simulation.faults.take(target, isAboutRequest) ?? "";
    if (mode !== "") simulation.log(`fault ${target} ${mode}`);
    if (mode.startsWith("refuse:")) throw new TwilioError(valueOf(mode));
    if (mode.startsWith("status:")) {
      const { body } = new TwilioError(20500);
      return context.json({ ...body, status: valueOf(mode) }, valueOf(mode) as 500);
    }
    if (mode.startsWith("slow:")) await pause(valueOf(mode), simulation.signal);
    if (mode !== "hang") await next();
    // Until the client has had enough, or the simulator stops and the connection breaks.
    if (mode.endsWith("hang")) await new Promise<never>(() => {});
    return undefined;
  };
}
