/** What the orchestrator works with; each part can be another in tests. */
import type { Database, SendOutcome } from "../_shared/database.ts";
import type { Report } from "../_shared/events.ts";
import type { InBackground } from "../_shared/in_background.ts";
import type { OutgoingMessage } from "../_shared/twilio/send_message.ts";
import type { Agent } from "./agents/agent.ts";

export interface OrchestratorDeps {
  /** Who may call: one key, or two during a rotation. */
  orchestratorKeys: string[];
  database: Pick<
    Database,
    "claimTurn" | "completeTurn" | "failTurn" | "claimSend" | "recordSend" | "dispatchConversation"
  >;
  agent: Agent;
  /** Sends once and says what is known of the outcome; never throws. */
  send: (message: OutgoingMessage) => Promise<SendOutcome>;
  report: Report;
  inBackground: InBackground;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
  wait: (ms: number) => Promise<void>;
}
