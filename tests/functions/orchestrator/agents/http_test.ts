/** An agent service: what it is told, how it verifies that, and what of its answers counts. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import {
  createHttpAgent,
  type HttpAgentOptions,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "../../../../supabase/functions/orchestrator/agents/http.ts";
import { BUSINESS, CUSTOMER } from "../../../support/factories.ts";
import { contextOf, messageOf } from "./agent_context.ts";

const SECRET = "a key that is longer than 32 characters";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

interface Sent {
  url: string;
  headers: Headers;
  body: string;
  redirect: RequestRedirect | undefined;
}

/** An agent whose service answers with `respond`, and what it was sent. */
function agentWith(
  respond: (signal: AbortSignal) => Response | Promise<Response>,
  options: Partial<HttpAgentOptions> = {},
) {
  const sent: Sent[] = [];
  const agent = createHttpAgent({
    url: "https://agent.example/api/agents/process",
    secret: SECRET,
    timeoutMs: 5_000,
    now: () => NOW,
    fetch: async (input, init) => {
      const { headers, body, redirect } = init ?? {};
      sent.push({
        url: String(input),
        headers: new Headers(headers),
        body: String(body),
        redirect,
      });
      return await respond(init?.signal ?? new AbortController().signal);
    },
    ...options,
  });
  return { agent, sent };
}

const answers = (json: unknown) => () => Response.json(json);

Deno.test("http sends the orchestrator's contract, then all that an agent is given", async () => {
  const { agent, sent } = agentWith(answers({ text: "Hello" }));
  const context = contextOf(["Hi", "Are you open?"], {
    ...{ customerName: "Ana", summary: "They said hello.", attempt: 2 },
    history: [messageOf({ seq: 9, direction: "outbound", text: "Yes?" })],
  });
  await agent.reply(context);
  const { conversationId, turnId, messages, history } = context;
  assert.deepEqual(JSON.parse(sent[0]?.body ?? ""), {
    conversationId,
    messageId: messages[1]?.id,
    message: "Hi\nAre you open?",
    customerInfo: { address: CUSTOMER, name: "Ana" },
    channel: { name: "whatsapp", provider: "twilio", from: CUSTOMER, to: BUSINESS },
    turn: { id: turnId, attempt: 2 },
    ...{ messages, history, summary: "They said hello." },
  });
});

Deno.test("http signs timestamp and body so that the service can verify both", async () => {
  const { agent, sent } = agentWith(answers({ text: "Hello" }));
  await agent.reply(contextOf("Olá, açúcar ☕"));
  const [{ headers, body, redirect }] = sent as [Sent];
  const timestamp = headers.get(TIMESTAMP_HEADER);
  assert.equal(timestamp, String(NOW / 1000));
  const expected = createHmac("sha256", SECRET).update(`${timestamp}.${body}`).digest("hex");
  assert.equal(headers.get(SIGNATURE_HEADER), `v1=${expected}`);
  assert.equal(redirect, "manual");
});

Deno.test("http takes a text with its language and a hand-over, or silence with its reason", async () => {
  const taken = async (json: unknown) =>
    await agentWith(answers(json)).agent.reply(contextOf("Hi"));
  assert.deepEqual(await taken({ text: " Hello \n" }), {
    ...{ kind: "text", text: "Hello", language: null, handOver: false },
  });
  const full = { text: "Olá", language: "pt", handOver: true, reason: "complaint" };
  assert.deepEqual(await taken({ ...full, score: 7 }), { kind: "text", ...full });
  assert.deepEqual(await taken({ silence: "spam" }), { kind: "silence", reason: "spam" });
});

const NONSENSE: [what: string, () => Response][] = [
  ["no JSON", () => new Response("Hello")],
  ["no text", answers({ reply: "Hello" })],
  ["an empty text", answers({ text: " " })],
  ["a text over the limit", answers({ text: "x".repeat(6401) })],
  ["a body that is too long", answers({ text: "Hello", padding: "x".repeat(70_000) })],
  ["a reason in prose", answers({ silence: "The customer +5511987654321 is rude" })],
];
for (const [what, respond] of NONSENSE) {
  Deno.test(`http throws service_nonsense for ${what}`, async () => {
    await assert.rejects(agentWith(respond).agent.reply(contextOf("Hi")), {
      ...{ name: "AgentError", code: "service_nonsense", retryable: true },
    });
  });
}

const STATUSES: [number, string, boolean][] = [
  [302, "service_rejected_request", false],
  [400, "service_rejected_request", false],
  [401, "service_unauthorized", false],
  [403, "service_unauthorized", false],
  [404, "service_rejected_request", false],
  [429, "service_unavailable", true],
  [500, "service_unavailable", true],
];
for (const [status, code, retryable] of STATUSES) {
  Deno.test(`http throws ${code} when the service answers ${status}`, async () => {
    const { agent } = agentWith(() => new Response("marzipan", { status }));
    await assert.rejects(agent.reply(contextOf("Hi")), { code, retryable });
  });
}

Deno.test("http throws service_unavailable when the connection fails", async () => {
  const { agent } = agentWith(() => Promise.reject(new TypeError("refused")));
  await assert.rejects(agent.reply(contextOf("Hi")), { code: "service_unavailable" });
});

Deno.test("http waits no longer than it was told, also for a body", async () => {
  const endless = () => new Response(new ReadableStream({}));
  for (const respond of [() => new Promise<Response>(() => {}), endless]) {
    const { agent } = agentWith(respond, { timeoutMs: 30 });
    await assert.rejects(agent.reply(contextOf("Hi")), { code: "model_timeout" });
  }
});
