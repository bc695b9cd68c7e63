/**
 * The webhook as it is usually written, and written well: look for the message, look for the
 * conversation, make it, insert the message, record three steps, call the agent and wait for its
 * 202. One call of supabase-js each; the local gateway serves functions only, so each statement is
 * one (usual.sql), which costs what a call of a table costs.
 */
import { createClient } from "@supabase/supabase-js";

const supabase = createClient(
  Deno.env.get("SUPABASE_URL") ?? "",
  JSON.parse(Deno.env.get("SUPABASE_SECRET_KEYS") ?? "{}").default,
);
const agentUrl = Deno.env.get("OPENAI_BASE_URL") ?? "";

Deno.serve(async (request) => {
  const parameters = Object.fromEntries(new URLSearchParams(await request.text()));
  const { MessageSid: sid, From: from, To: to, Body: body } = parameters;
  if (await call("usual_find_message", { sid })) return twiml();
  const conversationId = await call("usual_find_conversation", { address: from }) ??
    await call("usual_insert_conversation", { address: from, business_address: to });
  await log(conversationId, "inbound_webhook_received", { sid });
  const messageId = await call("usual_insert_message", {
    ...{ conversation_id: conversationId, sid, from_address: from, to_address: to },
    ...{ body_text: body, body_json: parameters },
  });
  await log(conversationId, "message_persisted", { messageId });
  const accepted = await fetch(agentUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ conversationId, messageId, message: body }),
  });
  await accepted.body?.cancel();
  if (accepted.status !== 202) return new Response(null, { status: 500 });
  await log(conversationId, "orchestrator_triggered", { messageId });
  return twiml();
});

async function call(name: string, parameters: Record<string, unknown>): Promise<string | null> {
  const { data, error } = await supabase.rpc(name, parameters);
  if (error) throw error;
  return data;
}

async function log(conversationId: string | null, event: string, details: object) {
  await call("usual_insert_audit", { conversation_id: conversationId, event, details });
}

function twiml(): Response {
  return new Response("<Response></Response>", { headers: { "content-type": "text/xml" } });
}
