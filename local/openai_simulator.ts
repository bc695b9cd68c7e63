/**
 * Stands in for OpenAI: the Responses API and the basic form of chat completions, as the `openai`
 * package calls them, on loopback. Tests script its answers and make it fail.
 */
import { FAULT_MODES } from "./openai_simulator/faults.ts";
import type { ModelRequest } from "./openai_simulator/model_request.ts";
import {
  Calls,
  type ReceivedRequest,
  type Scripted,
  SimulatedModel,
} from "./openai_simulator/simulated_model.ts";

export { Calls };
export type { ModelRequest, Scripted };

/** A running simulator. */
export interface OpenAISimulator {
  port: number;
  /** What `OPENAI_BASE_URL` is set to. */
  url: string;
  /** The latest thousand requests, oldest first, those that met a fault included. */
  requests(): ReceivedRequest[];
  /** Scripts every later answer; null returns to the model's own words. */
  answerWith(script: Scripted | ((request: ModelRequest) => Scripted)): void;
  /** Lets the next `times` requests for an answer fail (default 1). Throws on an unknown mode. */
  setFault(mode: string, times?: number): void;
  clearFaults(): void;
  faults(): { modes: readonly string[]; active: { mode: string; remaining: number } | null };
  /** Ends hanging requests and closes the port. */
  stop(): Promise<void>;
}

/** Starts the simulator on `port` of loopback; 0 takes a free one. */
export function startOpenAISimulator({ port }: { port: number }): OpenAISimulator {
  const model = new SimulatedModel();
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, model.handle);
  return {
    port: server.addr.port,
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    requests: () => [...model.received],
    answerWith: (script) => model.script = script,
    setFault: (mode, times = 1) => model.faults.set(mode, times),
    clearFaults: () => model.faults.clear(),
    faults: () => ({ modes: FAULT_MODES, active: model.faults.active }),
    stop: async () => {
      model.stopping.abort();
      await server.shutdown();
    },
  };
}
