/** Any case, by chance. */
import type { FuzzCase } from "./fuzz_case.ts";
import { anyDoor, brokenRequest } from "./other_cases.ts";
import type { Random } from "./random.ts";
import { refusedMessage, rightMessage, statusCallback, wrongMessage } from "./twilio_cases.ts";

/** The next case; `names` are the functions there are. */
export function makeCase(random: Random, names: readonly string[]): FuzzCase {
  const kind = random.next();
  if (kind < 0.3) return rightMessage(random);
  if (kind < 0.7) return makeUnsigned(random, names);
  if (kind < 0.85) return wrongMessage(random);
  return statusCallback(random);
}

/** A case that must leave no trace in the database. */
export function makeUnsigned(random: Random, names: readonly string[]): FuzzCase {
  const kind = random.next();
  if (kind < 0.4) return refusedMessage(random);
  return kind < 0.7 ? anyDoor(random, names) : brokenRequest(random, names);
}
