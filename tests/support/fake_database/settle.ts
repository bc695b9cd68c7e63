/** `record_delivery_status`, `list_uncertain_sends` and `settle_send`, in memory. */
import type {
  Database,
  ListedMessage,
  SettledSend,
} from "../../../supabase/functions/_shared/database.ts";
import type { DeliveryReport } from "../../../supabase/functions/_shared/intake_database.ts";
import { deliveryRank } from "./delivery_rank.ts";
import { heedBlockedSend } from "./opt_out.ts";
import { dispatchAgain, nextSend, takeSignature } from "./rows.ts";
import { handOver } from "./sends.ts";
import type { Message, State } from "./state.ts";

const MAXIMUM_LISTED = 100;
/** Twilio's clock need not be ours. Milliseconds. */
const CLOCK_SKEW_MS = 10_000;

type Settle = Pick<Database, "recordDeliveryStatus" | "listUncertainSends" | "settleSend">;

/** What becomes of messages after they were sent, or nobody knows whether they were. */
export function settleFunctions(state: State): Settle {
  return {
    // deno-lint-ignore require-await
    async recordDeliveryStatus(report, signature) {
      if (signature && !takeSignature(state, signature)) return { outcome: "no_news" };
      const { providerMessageId, messageId } = report;
      const message = state.messages.find((each) => each.providerMessageId === providerMessageId) ??
        state.messages.find(({ id }) => id === messageId);
      if (!message || message.direction === "inbound") return { outcome: "unknown_message" };
      if (message.sendState !== "handed_over") {
        handOver(state, message, providerMessageId, null);
        ringForRest(state, message.conversationId);
      } else if (message.providerMessageId !== providerMessageId) return { outcome: "doubled" };
      if (!raiseStatus(message, report)) return { outcome: "no_news" };
      heedBlockedSend(state, message, report.errorCode);
      return { outcome: "recorded" };
    },

    // deno-lint-ignore require-await
    async listUncertainSends() {
      const uncertain = state.messages.filter(({ sendState }) => sendState === "uncertain")
        .sort((a, b) => (a.sendLeaseUntil ?? 0) - (b.sendLeaseUntil ?? 0));
      const messages = uncertain.slice(0, MAXIMUM_LISTED).map((message) => ({
        messageId: message.id,
        attempt: message.sendAttempt,
        toAddress: message.toAddress,
        claimedAt: new Date(message.sendClaimedAt ?? NaN).toISOString(),
      }));
      return { readStartedAt: new Date(state.now()).toISOString(), messages };
    },

    // deno-lint-ignore require-await
    async settleSend({ messageId, attempt }, readStartedAt, listed) {
      const message = state.messages.find(({ id }) => id === messageId);
      if (message?.sendState !== "uncertain" || message.sendAttempt !== attempt) {
        return { outcome: "settled_already" };
      }
      const entry = findInList(state, message, listed);
      if (!entry) return { outcome: countAbsence(state, message, Date.parse(readStartedAt)) };
      handOver(state, message, entry.sid, entry.status);
      ringForRest(state, message.conversationId);
      return { outcome: "found" };
    },
  };
}

/** Rings when a settled message has freed the way for the ones behind it. */
function ringForRest(state: State, conversationId: string): void {
  if (nextSend(state, conversationId)?.sendState === "ready") dispatchAgain(state, conversationId);
}

function raiseStatus(message: Message, report: DeliveryReport): boolean {
  const { deliveryStatus, errorCode } = report;
  if (deliveryRank(deliveryStatus) <= deliveryRank(message.deliveryStatus)) return false;
  Object.assign(message, { deliveryStatus, errorCode });
  return true;
}

/** The first entry that must be this message: unknown to us, made since its claim, with its body (any, of a template). */
function findInList(
  { messages }: State,
  { bodyText, contentSid, sendClaimedAt }: Message,
  listed: ListedMessage[],
): ListedMessage | undefined {
  const since = (sendClaimedAt ?? 0) - CLOCK_SKEW_MS;
  return listed
    .filter(({ sid, body, dateCreated }) =>
      (contentSid !== null || withoutSpaces(body) === withoutSpaces(bodyText)) &&
      Date.parse(dateCreated) >= since &&
      !messages.some(({ providerMessageId }) => providerMessageId === sid)
    )
    .sort((a, b) => Date.parse(a.dateCreated) - Date.parse(b.dateCreated))[0];
}

/** As SQL's btrim(): spaces at both ends, and nothing else. */
const withoutSpaces = (text: string) => text.replace(/^ +| +$/g, "");

function countAbsence(
  state: State,
  message: Message,
  readStartedAt: number,
): SettledSend["outcome"] {
  const since = message.absentSince ?? message.sendLeaseUntil ?? 0;
  if (readStartedAt < since + state.settings.settleGraceSeconds * 1000) return "too_early";
  if (message.absentSince === null) {
    message.absentSince = state.now();
    return "absent_once";
  }
  const ready = { sendState: "ready", sendDueAt: state.now(), errorCode: "proven_absent" };
  Object.assign(message, ready, { sendLeaseUntil: null, absentSince: null });
  dispatchAgain(state, message.conversationId);
  return "proven_absent";
}
