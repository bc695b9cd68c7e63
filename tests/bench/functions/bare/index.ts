/** The webhook's floor: the same call of the database, through the same gateway, and nothing else. */
const url = `${Deno.env.get("SUPABASE_URL")}/rest/v1/rpc/ingest_inbound_message`;
const apikey = JSON.parse(Deno.env.get("SUPABASE_SECRET_KEYS") ?? "{}").default;

Deno.serve(async (request) => {
  const stored = await fetch(url, {
    method: "POST",
    headers: { apikey, "content-type": "application/json" },
    body: await request.text(),
  });
  const ok = stored.ok && await stored.json();
  return new Response("<Response></Response>", {
    status: ok ? 200 : 500,
    headers: { "content-type": "text/xml" },
  });
});
