/** What the console asks of the database: RPC functions alone, so that a hosted project has them too. */
import { z } from "zod";
import { Health, Metric } from "../../supabase/functions/_shared/database.ts";
import type { Call } from "../../supabase/functions/_shared/caller.ts";
import { eraseCustomer, type EraseEnd } from "../customer_data/erase.ts";
import {
  Alert,
  AuditPage,
  ChainState,
  Conversation,
  ConversationPage,
  JourneyRecord,
  MessagePage,
  Minute,
  Outcome,
} from "./record_types.ts";

export interface Reply {
  /** Made by the caller: the same id twice is one reply. */
  id: string;
  conversationId: string;
  /** What the person had seen when they wrote. */
  upToSeq: number;
  /** Each 1 to 1600 units of UTF-16. */
  parts: string[];
}

export interface Records {
  listConversations(page: {
    list: "all" | "waiting" | "dead";
    after: string | undefined;
    isRevealed: boolean;
  }): Promise<ConversationPage>;
  getConversation(id: string, isRevealed: boolean): Promise<Conversation | undefined>;
  /** The newest first; without `beforeSeq` from the newest. */
  listMessages(
    conversationId: string,
    beforeSeq: number | undefined,
    isRevealed: boolean,
  ): Promise<MessagePage>;
  listAudit(conversationId: string, beforeId: number | undefined): Promise<AuditPage>;
  getJourney(messageSid: string, isRevealed: boolean): Promise<JourneyRecord | undefined>;
  /** The chain as far as one call of about two seconds gets. */
  verifyChain(conversationId: string): Promise<ChainState>;
  getHealth(): Promise<Health>;
  getMetrics(): Promise<Metric[]>;
  /** At most an hour. */
  getActivity(since: Date, until: Date): Promise<Minute[]>;
  listAlerts(): Promise<Alert[]>;
  handOver(conversationId: string): Promise<Outcome>;
  handBack(conversationId: string): Promise<Outcome>;
  close(conversationId: string): Promise<Outcome>;
  replayTurn(turnId: string): Promise<Outcome>;
  sendReply(reply: Reply): Promise<Outcome>;
  /** Call after call until nothing is left; for files that Storage still has, nobody waits. */
  erase(customerId: string): Promise<EraseEnd>;
}

const PAGE_SIZE = 30;
const notFound = z.object({ outcome: z.literal("not_found") });

/** Each method is one RPC function and throws a `DatabaseError`; without `isRevealed` data is masked. */
export function createRecords(call: Call): Records {
  const acted = (name: "hand_over" | "hand_back" | "close_conversation") => (id: string) =>
    call(name, Outcome, { conversation_id: id });
  return {
    listConversations: ({ list, after, isRevealed }) =>
      call("list_conversations", ConversationPage, {
        ...{ list, maximum: PAGE_SIZE, is_revealed: isRevealed },
        ...(after && { after }),
      }),
    getConversation: async (id: string, isRevealed: boolean) => {
      const parameters = { conversation_id: id, is_revealed: isRevealed };
      const answer = z.union([Conversation, notFound]);
      const found = await call("get_conversation", answer, parameters);
      return found.outcome === "found" ? found : undefined;
    },
    listMessages: (id: string, beforeSeq: number | undefined, isRevealed: boolean) =>
      call("list_messages", MessagePage, {
        ...{ conversation_id: id, maximum: PAGE_SIZE, is_revealed: isRevealed },
        ...(beforeSeq !== undefined && { before_seq: beforeSeq }),
      }),
    listAudit: (id: string, beforeId: number | undefined) =>
      call("list_audit", AuditPage, {
        ...{ conversation_id: id, maximum: PAGE_SIZE },
        ...(beforeId !== undefined && { before_id: beforeId }),
      }),
    getJourney: async (messageSid: string, isRevealed: boolean) => {
      const parameters = { provider_message_id: messageSid, is_revealed: isRevealed };
      const found = await call("get_journey", z.union([JourneyRecord, notFound]), parameters);
      return found.outcome === "found" ? found : undefined;
    },
    verifyChain: (id: string) => call("verify_audit_chain", ChainState, { conversation_id: id }),
    getHealth: () => call("get_health", Health, {}),
    getMetrics: () => call("get_metrics", z.array(Metric), {}),
    getActivity: (since: Date, until: Date) =>
      call("get_activity", z.array(Minute), {
        ...{ since: since.toISOString(), until: until.toISOString() },
      }),
    listAlerts: () => call("list_alerts", z.array(Alert), {}),
    handOver: acted("hand_over"),
    handBack: acted("hand_back"),
    close: acted("close_conversation"),
    replayTurn: (turnId: string) => call("replay_turn", Outcome, { turn_id: turnId }),
    sendReply: ({ id, conversationId, upToSeq, parts }: Reply) =>
      call("send_reply", Outcome, {
        ...{ id, conversation_id: conversationId, up_to_seq: upToSeq, parts },
      }),
    erase: (customerId: string) =>
      eraseCustomer(call, customerId, {
        filesWithinMs: 0,
        progress: () => {},
        now: () => performance.now(),
        wait: (ms) => new Promise((done) => setTimeout(done, ms)),
      }),
  };
}
