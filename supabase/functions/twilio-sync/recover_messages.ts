/** Messages that no webhook brought, into the same call of the database as those that one did. */
import { isFinalRefusal } from "../_shared/errors.ts";
import type { TwilioMessage } from "../_shared/twilio/twilio_messages.ts";
import { eachOf } from "./each_of.ts";
import { isOwnTwiml, isSent } from "./others_message.ts";
import { toRecoveredMessage } from "./recovered_message.ts";
import type { Found, SyncDeps } from "./sync_deps.ts";
import { takeOver } from "./take_over.ts";

/** Takes in each message, those of one customer oldest first. Throws where one could not be kept. */
export async function recoverMessages(
  deps: SyncDeps,
  listed: TwilioMessage[],
  found: Found,
): Promise<void> {
  const threads = Map.groupBy(listed, ({ from, to }) => JSON.stringify([from, to]));
  await eachOf(threads.values(), (thread) => recoverThread(deps, thread, found));
}

/** The messages of one customer to one address of ours, oldest first. */
async function recoverThread(deps: SyncDeps, thread: TwilioMessage[], found: Found) {
  const [oldest] = thread;
  if (!oldest) return;
  const answers = await othersAnswers(deps, oldest);
  const lastAnswerAt = Math.max(...answers.all.map(({ createdAt }) => createdAt));
  for (const entry of thread) {
    // Twilio's times have whole seconds: what has the same one came after it.
    await recover(deps, entry, { isAnswered: lastAnswerAt >= entry.createdAt, found });
  }
  // Now that the conversation is there, whoever was nobody's customer before.
  await takeOver(deps, answers.unknown, found);
}

/** What another system has sent to the writer of this message since, oldest first. */
async function othersAnswers({ syncDatabase, twilioMessages, ownTexts }: SyncDeps, {
  from,
  to,
  createdAt,
}: TwilioMessage) {
  const [all, unknown] = [[] as TwilioMessage[], [] as TwilioMessage[]];
  for await (const page of twilioMessages.pages({ from: to, to: from, since: createdAt })) {
    const since = page.filter((entry) => !entry.isInbound && entry.createdAt >= createdAt);
    const standings = await syncDatabase.compareMessages(since);
    const standingOf = new Map(standings.map(({ sid, standing }) => [sid, standing]));
    for (const entry of since.filter((entry) => !isOwnTwiml(entry, ownTexts))) {
      const standing = standingOf.get(entry.sid);
      if (standing === "unknown") unknown.unshift(entry);
      if (["unknown", "taken_over"].includes(standing ?? "") && isSent(entry)) all.unshift(entry);
    }
  }
  return { all, unknown };
}

async function recover(
  deps: SyncDeps,
  entry: TwilioMessage,
  { isAnswered, found }: { isAnswered: boolean; found: Found },
) {
  const media = entry.mediaCount > 0 ? await deps.twilioMessages.media(entry.sid) : [];
  const parsed = toRecoveredMessage(entry, { media, isAnswered });
  if (!parsed.ok) return await reject(deps, entry, { reason: parsed.reason, found });
  try {
    const { isNewMessage, messageId } = await deps.syncDatabase.recoverMessage(parsed.message);
    if (!isNewMessage) return;
    found.messagesRecovered++;
    deps.report({ event: "message.recovered", messageId, messageSid: entry.sid });
  } catch (error) {
    // What the database will never take must not stand in the way of all that comes after it.
    if (!isFinalRefusal(error)) throw error;
    await reject(deps, entry, { reason: "database_refused", found });
  }
}

/** Keeps whole what cannot be a message of ours, as an unreadable webhook is kept. */
async function reject(
  { database, report }: SyncDeps,
  { sid, resource }: TwilioMessage,
  { reason, found }: { reason: string; found: Found },
) {
  // No webhook, so no signature: the SID keeps it once.
  const rejected = { reason, parameters: resource, signature: `sync:${sid}` };
  const recorded = await database.recordRejectedWebhook(rejected);
  if (recorded.isNew) found.messagesRejected++;
  report({ event: "webhook.rejected", reason, ...recorded });
}
