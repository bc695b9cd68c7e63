/** What the forms of the operator's view do: each is one RPC function, whose outcome is said. */
import { z } from "zod";
import { splitReply } from "../../../supabase/functions/orchestrator/split_reply.ts";
import { type Act, ActError, type Done, read } from "../act.ts";
import type { ConsoleDeps } from "../deps.ts";
import type { Outcome } from "../record_types.ts";
import type { Operator } from "./operator.ts";

const OfConversation = z.object({ conversation: z.uuid() });
const OfTurn = z.object({ turn: z.uuid() });
const Written = OfConversation.extend({
  id: z.uuid(),
  up_to_seq: z.coerce.number().int().nonnegative(),
  text: z.string().trim().min(1, "write something first"),
});
const Confirmed = z.object({
  customer: z.uuid(),
  confirmation: z.literal("erase", "write erase to confirm"),
});

const GOOD = new Set([
  ...[
    "handed_over",
    "handed_back",
    "closed",
    "stored",
    "already_stored",
    "replayed",
    "erased",
    "files_remain",
  ],
]);

const SAID: Record<string, string> = {
  handed_over: "You have the conversation",
  already_handed_over: "A person has it already",
  handed_back: "The agent has it again",
  already_handed_back: "The agent has it already",
  closed: "Closed: the next message opens a new conversation",
  already_closed: "It is closed already",
  still_open: "It cannot be closed: a turn or a message is still open",
  stored: "Your reply is on its way",
  already_stored: "This reply was stored before: it is sent once",
  replayed: "Its messages wait for an answer again",
  not_dead: "This turn is not dead any more",
  answered_by_person: "A person has answered it since",
  erased: "Erased for good",
  files_remain: "Erased; Storage is asked until it has deleted the files",
  in_flight: "Nothing was erased: a message is on its way, or in doubt. Try again in a moment",
  not_found: "There is no such thing any more",
};

/** The acts by their names. */
export function operatorActs(
  { records, stage }: ConsoleDeps,
  operator: Operator,
): Record<string, Act> {
  const told = (outcome: Outcome): Done => {
    operator.pulse.beat();
    stage?.pulse.beat();
    const notice = wordsOf(outcome);
    if (!GOOD.has(outcome.outcome)) throw new ActError(notice);
    return { notice };
  };
  return {
    "take-over": async (fields) =>
      told(await records.handOver(read(OfConversation, fields).conversation)),
    "hand-back": async (fields) =>
      told(await records.handBack(read(OfConversation, fields).conversation)),
    close: async (fields) => told(await records.close(read(OfConversation, fields).conversation)),
    replay: async (fields) => {
      const outcome = await records.replayTurn(read(OfTurn, fields).turn);
      if (outcome.outcome === "erased") throw new ActError("Nothing of its messages is left");
      return told(outcome);
    },
    reply: async (fields) => {
      const { id, conversation: conversationId, up_to_seq: upToSeq, text } = read(Written, fields);
      const reply = { id, conversationId, upToSeq, parts: splitReply(text) };
      return told(await records.sendReply(reply));
    },
    erase: async (fields) => {
      const outcome = await records.erase(read(Confirmed, fields).customer);
      return told({ outcome });
    },
  };
}

function wordsOf({ outcome, reason }: Outcome): string {
  if (outcome === "refused") return `Refused: ${(reason ?? "").replaceAll("_", " ")}`;
  return SAID[outcome] ?? outcome.replaceAll("_", " ");
}
