/** What an attempt at a turn takes, written down while it goes on: it counts also when it fails. */
import type { TurnWork } from "../../_shared/database.ts";

/** The tokens of one request to a model, and their cost in millionths of the prices' currency. */
export interface ModelUse {
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
}

/** One attempt's record; agents write to it, the orchestrator stores it with the turn's end. */
export class TurnLedger {
  readonly #work: TurnWork;

  /** `agent` works first; whoever takes over says so. */
  constructor(agent: string) {
    this.#work = {
      agent,
      failures: [],
      ...{ inputTokens: 0, outputTokens: 0, costMicros: 0, toolCallCount: 0 },
      summary: null,
    };
  }

  /** From now on it is this agent that answers or fails. */
  startAgent(name: string): void {
    this.#work.agent = name;
  }

  /** The agent at work failed, and another goes on. */
  passOver(code: string): void {
    this.#work.failures.push({ agent: this.#work.agent, code });
  }

  useModel({ inputTokens, outputTokens, costMicros }: ModelUse): void {
    this.#work.inputTokens += inputTokens;
    this.#work.outputTokens += outputTokens;
    this.#work.costMicros += costMicros;
  }

  callTool(): void {
    this.#work.toolCallCount++;
  }

  /** What was said up to and with the message `upToSeq`. */
  summarise(text: string, upToSeq: number): void {
    this.#work.summary = { text, upToSeq };
  }

  /** All of it; the cost as whole millionths. */
  get work(): TurnWork {
    return structuredClone({ ...this.#work, costMicros: Math.round(this.#work.costMicros) });
  }
}
