/**
 * An agent service as somebody else would write it, for the agent "http": it verifies the signature,
 * and answers what the script says, or the simulated model's own words.
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { answerTo } from "../../local/openai_simulator/model_answer.ts";
import { type Received, type Receiver, startReceiver } from "../support/receiver.ts";

export const SERVICE_SECRET = "the key of the agent service, for tests";

/** What the service answers next; null for its own words. */
export interface ServiceScript {
  text: string;
  handOver: boolean;
}

export interface AgentService extends Receiver {
  answerWith(script: ServiceScript | null): void;
}

/** Starts one on a free port. */
export function startAgentService(): AgentService {
  let scripted: ServiceScript | null = null;
  const receiver = startReceiver((request) => {
    if (!isSignedByUs(request)) return Response.json({ error: "signature" }, { status: 401 });
    const { message } = JSON.parse(request.body);
    const own = answerTo([message]);
    return Response.json(scripted ?? { text: own.reply, handOver: own.hand_over });
  });
  return Object.assign(receiver, {
    answerWith: (script: ServiceScript | null) => void (scripted = script),
  });
}

function isSignedByUs({ headers, body }: Received): boolean {
  const timestamp = headers.get("x-switchboard-timestamp") ?? "";
  const given = Buffer.from(headers.get("x-switchboard-signature") ?? "");
  const mac = createHmac("sha256", SERVICE_SECRET).update(`${timestamp}.${body}`).digest("hex");
  const expected = Buffer.from(`v1=${mac}`);
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}
