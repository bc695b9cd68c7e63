/** Makes what an agent is given, for tests: only what a test is about needs saying. */
import type {
  AgentContext,
  AgentMessage,
} from "../../../../supabase/functions/orchestrator/agents/agent.ts";
import { TurnLedger } from "../../../../supabase/functions/orchestrator/agents/turn_ledger.ts";
import { BUSINESS, CUSTOMER } from "../../../support/factories.ts";

/** A context whose turn answers one inbound text for each of `texts`. */
export function contextOf(
  texts: string | string[],
  overrides: Partial<AgentContext> = {},
): AgentContext {
  return {
    conversationId: "c0000000-0000-4000-8000-000000000001",
    turnId: "70000000-0000-4000-8000-000000000001",
    attempt: 1,
    isLastAttempt: false,
    mayUseModel: true,
    channel: "whatsapp",
    provider: "twilio",
    customerAddress: CUSTOMER,
    businessAddress: BUSINESS,
    customerName: null,
    summary: null,
    messages: [texts].flat().map((text, index) => messageOf({ seq: index + 1, text })),
    history: [],
    timeMs: 55_000,
    ledger: new TurnLedger("test"),
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** An inbound text message with `overrides`. */
export function messageOf(overrides: Partial<AgentMessage> = {}): AgentMessage {
  return {
    id: `a0000000-0000-4000-8000-${String(overrides.seq ?? 1).padStart(12, "0")}`,
    seq: 1,
    direction: "inbound",
    kind: "text",
    text: "Hello",
    mediaTypes: [],
    storedMedia: [],
    createdAt: "2026-01-02T03:04:05.000Z",
    ...overrides,
  };
}
