/** One claimed turn: ask the agent, and store what it says, or that it failed. */
import type { ClaimedTurn, TurnEnd } from "../_shared/database.ts";
import { errorCode } from "../_shared/errors.ts";
import type { Reply } from "./agents/agent.ts";
import { AgentError } from "./agents/agent_error.ts";
import { TurnLedger } from "./agents/turn_ledger.ts";
import { withinTime } from "./agents/within_time.ts";
import { type OrchestratorDeps, untilLeaseEnds } from "./deps.ts";
import { splitReply } from "./split_reply.ts";

export interface TurnInWork extends ClaimedTurn {
  conversationId: string;
  /** When the lease ends, by the orchestrator's clock and counted from before the claim. */
  leaseUntil: number;
}

/** What of the lease is kept for storing the answer. Milliseconds. */
const STORE_RESERVE_MS = 5_000;
/** The turn has no end but its time. */
const NEVER = new AbortController().signal;

/** Answers the turn once. Throws a `DatabaseError` when the lease has ended over it. */
export async function answerTurn(deps: OrchestratorDeps, turn: TurnInWork): Promise<void> {
  const { agent, report, now } = deps;
  const { conversationId, turnId, attempt } = turn;
  report({ event: "turn.claimed", conversationId, turnId, attempt });

  const startedAt = now();
  const ledger = new TurnLedger(agent.name);
  let reply: Reply;
  try {
    reply = await askAgent(deps, turn, ledger);
  } catch (error) {
    await fail(deps, turn, error, ledger);
    return;
  }
  const end = toTurnEnd(reply);
  const { outcome } = await untilLeaseEnds(
    deps,
    turn.leaseUntil,
    () => deps.database.completeTurn(turnId, attempt, end, ledger.work),
  );
  const ms = Math.round(now() - startedAt);
  report({ event: "turn.answered", turnId, outcome, agent: ledger.work.agent, ms });
}

async function askAgent(
  { agent, now }: OrchestratorDeps,
  turn: TurnInWork,
  ledger: TurnLedger,
): Promise<Reply> {
  const { outcome: _, leaseMs: __, leaseUntil, ...context } = turn;
  const timeMs = Math.max(0, leaseUntil - now() - STORE_RESERVE_MS);
  // Also an agent that does not listen to its signal must not hold the turn.
  return await withinTime(
    NEVER,
    timeMs,
    (signal) => agent.reply({ ...context, timeMs, ledger, signal }),
  );
}

function toTurnEnd(reply: Reply): TurnEnd {
  if (reply.kind === "silence") {
    return reply.handOver
      ? { reply: [], handOverReason: reply.reason }
      : { silentReason: reply.reason };
  }
  const parts = splitReply(reply.text);
  const handOverReason = reply.reason ?? "agent_decided";
  return reply.handOver ? { reply: parts, handOverReason } : { reply: parts };
}

async function fail(
  deps: OrchestratorDeps,
  { turnId, attempt, leaseUntil }: TurnInWork,
  error: unknown,
  ledger: TurnLedger,
): Promise<void> {
  const { database, report } = deps;
  const known = error instanceof AgentError;
  const code = known ? error.code : errorCode(error);
  const failure = {
    errorCode: code,
    errorMessage: known ? error.message : "",
    isFinal: known && !error.retryable,
  };
  const { outcome } = await untilLeaseEnds(
    deps,
    leaseUntil,
    () => database.failTurn(turnId, attempt, failure, ledger.work),
  );
  report({ event: "turn.failed", turnId, outcome, agent: ledger.work.agent, code });
}
