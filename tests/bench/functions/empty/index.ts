/** What starting a function costs at least. */
Deno.serve(() => new Response("ok"));
