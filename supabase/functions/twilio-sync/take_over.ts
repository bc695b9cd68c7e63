/** What another system sent to our customers becomes part of their conversations. */
import type { TwilioMessage } from "../_shared/twilio/twilio_messages.ts";
import { isOwnTwiml, toOthersMessage } from "./others_message.ts";
import type { Found, SyncDeps } from "./sync_deps.ts";

/**
 * Takes over each message that is not ours, oldest first. Gives Twilio's time of the first that may
 * yet turn out to be ours: it must be looked at again.
 */
export async function takeOver(
  { syncDatabase, ownTexts }: SyncDeps,
  listed: TwilioMessage[],
  found: Found,
): Promise<number | undefined> {
  let firstInDoubt: number | undefined;
  for (const entry of listed) {
    const message = toOthersMessage(entry);
    if (!message || isOwnTwiml(entry, ownTexts)) continue;
    const { outcome } = await syncDatabase.takeOverMessage(message);
    if (outcome === "taken_over") found.messagesTakenOver++;
    if (outcome === "in_doubt") firstInDoubt ??= entry.sentAt;
  }
  return firstInDoubt;
}
