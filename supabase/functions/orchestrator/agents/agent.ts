/**
 * What every agent is given and gives back. The orchestrator knows agents only by this contract,
 * so that rules, a model, a workflow or another service can stand in each other's place.
 */
import * as z from "zod";
import { RepliedTo, StoredMedia } from "../../_shared/database.ts";
import type { TurnLedger } from "./turn_ledger.ts";

/** What a media message without any text says in its place. */
export const MEDIA_WITHOUT_TEXT = "[Media message - no text]";

/** The longest reply in UTF-16 units: more than four WhatsApp messages is no answer, but a leaflet. */
export const MAXIMUM_REPLY_LENGTH = 6400;

/** One message of the conversation; `createdAt` is an ISO 8601 time. */
export const AgentMessage = z.object({
  id: z.uuid(),
  seq: z.int().positive(),
  direction: z.enum(["inbound", "outbound"]),
  /** The normalised kind: text, image, audio, video, document, location, contact, button, … */
  kind: z.string(),
  text: z.string(),
  mediaTypes: z.array(z.string()),
  /** Those of its files that can be read by now. */
  storedMedia: z.array(StoredMedia),
  /** What it says beside its text: `latitude`, `label`, `payload`, `headline`, `forwarded`, … */
  details: z.record(z.string(), z.string()).optional(),
  /** The earlier message that it replies to, when we have that one. */
  repliedTo: RepliedTo.nullish(),
  createdAt: z.string(),
  /** Whether it is of the customer's conversation before this one. */
  previous: z.boolean().optional(),
});
export type AgentMessage = z.infer<typeof AgentMessage>;

/** What an agent is given: nothing in it names another customer. */
export interface AgentContext {
  conversationId: string;
  turnId: string;
  /** Which try of this turn it is, from 1. */
  attempt: number;
  /** Whether the turn dies if this attempt fails. */
  isLastAttempt: boolean;
  /** Whether today's budgets leave something for a model. */
  mayUseModel: boolean;
  /** "whatsapp" or "sms". */
  channel: string;
  provider: string;
  customerAddress: string;
  businessAddress: string;
  customerName: string | null;
  /** What was said before the history, in a model's words; null when the history is all. */
  summary: string | null;
  /** The inbound messages that this turn answers, by `seq`; at least one. */
  messages: AgentMessage[];
  /** Earlier messages, oldest first; a short conversation's begin in the one before it. */
  history: AgentMessage[];
  /** How long the reply may take from now on, in milliseconds. */
  timeMs: number;
  /** Where tokens, tool calls and a new summary are written down. */
  ledger: TurnLedger;
  /** Aborts when the turn's time is up. */
  signal: AbortSignal;
}

/** What an agent decides: a text for the customer, or silence with its reason. */
export const Reply = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("text"),
    text: z.string().trim().min(1).max(MAXIMUM_REPLY_LENGTH),
    /** The language of the text as a BCP 47 tag, when the agent knows it. */
    language: z.string().nullable(),
    /** Whether a person should take over after this text. */
    handOver: z.boolean(),
    /** Why, as a word: asked_for_person, not_confident, … */
    reason: z.string().regex(/^[a-z][a-z_]{0,39}$/).optional(),
  }),
  z.object({
    kind: z.literal("silence"),
    reason: z.string().min(1),
    /** Whether a person should take over without a word of the agent. */
    handOver: z.boolean().optional(),
  }),
]);
export type Reply = z.infer<typeof Reply>;

/** One way to answer. `name` is what `AGENTS` calls it. */
export interface Agent {
  name: string;
  /** Answers one turn, or throws an `AgentError`. */
  reply(context: AgentContext): Promise<Reply>;
}
