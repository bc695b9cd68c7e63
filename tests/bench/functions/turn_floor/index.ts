/** The least that a turn costs: the model is asked, and Twilio is told; no database. */
const model = `${Deno.env.get("OPENAI_BASE_URL")}/responses`;
const account = Deno.env.get("TWILIO_ACCOUNT_SID");
const messages = `${Deno.env.get("TWILIO_API_URL")}/2010-04-01/Accounts/${account}/Messages.json`;
const authorization = `Basic ${btoa(`${account}:${Deno.env.get("TWILIO_AUTH_TOKEN")}`)}`;

Deno.serve(async (request) => {
  const to = await request.text();
  const answer = await fetch(model, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer local" },
    body: JSON.stringify({ model: "bench", input: [{ role: "user", content: "Hello" }] }),
  });
  await answer.text();
  const sent = await fetch(messages, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams({ From: "whatsapp:+14155238886", To: to, Body: "Hello" }),
  });
  await sent.text();
  return new Response(null, { status: answer.ok && sent.ok ? 204 : 500 });
});
