/** `cc_private.details_for_agent` and `cc_private.replied_to`, in memory. */
import { firstValue } from "../../../supabase/functions/_shared/twilio/form.ts";
import type { InboundMessage } from "../../../supabase/functions/_shared/twilio/inbound_message.ts";
import { rowOf } from "./rows.ts";
import type { Conversation, Message, State } from "./state.ts";

const MAXIMUM_LENGTH = 1000;
const PARAMETERS: Record<string, string> = {
  ...{ latitude: "Latitude", longitude: "Longitude", address: "Address", label: "Label" },
  ...{ button: "ButtonText", payload: "ButtonPayload", item: "ListTitle", choice: "ListId" },
  ...{ flow: "FlowData", interaction: "InteractiveData" },
  ...{ headline: "ReferralHeadline", advertisement: "ReferralBody" },
};

/** What an agent is told of a message beside its text. */
export function detailsOf({ bodyJson }: InboundMessage): Record<string, string> {
  const forwarded = bodyJson.frequently_forwarded ? "frequently" : "once";
  const given = Object.entries(PARAMETERS)
    .map(([name, parameter]) => [name, firstValue(bodyJson.parameters, parameter)]);
  return Object.fromEntries(
    [...given, ["forwarded", bodyJson.forwarded ? forwarded : undefined]]
      .filter(([, value]) => value)
      .map(([name, value]) => [name, shorten(value ?? "")]),
  );
}

/** The message of the same customer that this one replies to. */
export function repliedTo(
  { conversations, messages }: State,
  { customerId }: Conversation,
  { bodyJson }: InboundMessage,
): Message | undefined {
  const sid = firstValue(bodyJson.parameters, "OriginalRepliedMessageSid");
  if (sid === undefined) return undefined;
  return messages.find((message) =>
    message.providerMessageId === sid &&
    rowOf(conversations, message.conversationId).customerId === customerId
  );
}

/** A message's beginning: PostgreSQL counts code points. */
export function shorten(text: string): string {
  return [...text].slice(0, MAXIMUM_LENGTH).join("");
}
