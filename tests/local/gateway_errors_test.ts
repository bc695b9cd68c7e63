/** What the gateway says when a call fails: PostgREST's codes, texts and statuses. */
import assert from "node:assert/strict";
import { gatewayWith, post } from "./gateway_fixture.ts";

const RAISE = `
  create table unique_words (word text primary key check (word <> 'bad'));
  create function raise_code(code text, message text default 'as asked') returns void
    language plpgsql as $$
  begin raise exception using errcode = code, message = message, detail = 'why', hint = 'how'; end $$;
  create function store_word(word text) returns void language sql security definer
    as 'insert into unique_words values (word)';
  create function call_missing() returns integer language plpgsql as
    $$ begin return missing_function(); end $$;
  create function to_number(value integer) returns integer language sql as 'select value';
  create function claim_turn(conversation_id uuid, lease_seconds integer default 60) returns integer
    language sql as 'select 1';
  create function twice(a integer) returns integer language sql as 'select a';
  create function twice(a text) returns text language sql as 'select a';
`;

Deno.test("an error of Postgres keeps its code and texts, with PostgREST's status", async (t) => {
  await using gateway = await gatewayWith(RAISE);
  const client = gateway.client();
  const statuses = {
    P0001: 400,
    P0002: 500,
    PT409: 409,
    PT429: 429,
    PTXYZ: 500,
    SB001: 400,
    "22000": 400,
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "28000": 403,
    "42501": 403,
    "42P01": 404,
    "42P17": 500,
    "53100": 503,
    "53400": 500,
    "54000": 500,
    "55P03": 500,
    "57014": 500,
    "58000": 500,
    XX000: 500,
  };
  for (const [code, expected] of Object.entries(statuses)) {
    await t.step(`${code} is ${expected}`, async () => {
      const { status, error } = await client.rpc("raise_code", { code });
      const { message, details, hint } = error ?? {};
      assert.deepEqual(
        { status, code: error?.code, message, details, hint },
        { status: expected, code, message: "as asked", details: "why", hint: "how" },
      );
    });
  }
});

Deno.test("errors of data and of code inside a function have their own statuses", async () => {
  await using gateway = await gatewayWith(RAISE);
  const client = gateway.client();
  const answers = [
    await client.rpc("store_word", { word: "new" }),
    await client.rpc("store_word", { word: "new" }),
    await client.rpc("store_word", { word: "bad" }),
    await client.rpc("store_word", { word: null }),
    await client.rpc("to_number", { value: "seven" }),
    await client.rpc("to_number", { value: 3_000_000_000 }),
    await client.rpc("call_missing"),
  ];
  assert.deepEqual(answers.map(({ status, error }) => [status, error?.code]), [
    [204, undefined],
    [409, "23505"],
    [400, "23514"],
    [400, "23502"],
    [400, "22P02"],
    [400, "22003"],
    [404, "42883"],
  ]);
});

Deno.test("a failed call leaves nothing behind, and the next one works", async () => {
  await using gateway = await gatewayWith(`${RAISE}
    create function store_and_fail() returns void language plpgsql security definer as $$
    begin insert into unique_words values ('half'); raise exception 'no'; end $$;`);
  for (let i = 0; i < 25; i++) {
    assert.equal((await gateway.client().rpc("store_and_fail")).error?.message, "no");
  }
  assert.deepEqual([...await gateway.sql`select * from unique_words`], []);
  assert.equal((await gateway.client().rpc("store_word", { word: "whole" })).status, 204);
});

Deno.test("raise sqlstate 'PGRST' makes the whole answer", async () => {
  await using gateway = await gatewayWith(`
    create function deny() returns void language plpgsql as $$
    begin
      raise sqlstate 'PGRST' using
        message = '{"code": "quota", "message": "Too much", "details": "d", "hint": "h"}',
        detail = '{"status": 402, "headers": {"x-left": "0"}}';
    end $$;
    create function deny_badly() returns void language plpgsql as
      $$ begin raise sqlstate 'PGRST' using message = 'no json'; end $$;`);
  const { status, headers, json } = await post(gateway.url, "deny", "{}");
  assert.deepEqual([status, headers.get("x-left")], [402, "0"]);
  assert.deepEqual(json, { code: "quota", message: "Too much", details: "d", hint: "h" });
  assert.equal((await gateway.client().rpc("deny_badly")).error?.code, "PGRST121");
});

Deno.test("PGRST202 says what was searched for and what may have been meant", async () => {
  await using gateway = await gatewayWith(RAISE);
  const wrongName = await gateway.client().rpc("claim_tunr", { conversation_id: 1 });
  assert.equal(wrongName.status, 404);
  assert.deepEqual({ ...wrongName.error }, {
    code: "PGRST202",
    message: "Could not find the function public.claim_tunr(conversation_id) in the schema cache",
    details: "Searched for the function public.claim_tunr with parameter conversation_id or with " +
      "a single unnamed json/jsonb parameter, but no matches were found in the schema cache.",
    hint: "Perhaps you meant to call the function public.claim_turn",
  });
  const wrongKeys = await gateway.client().rpc("claim_turn", { conversation: 1, lease_seconds: 2 });
  assert.equal(
    wrongKeys.error?.hint,
    "Perhaps you meant to call the function public.claim_turn(conversation_id, lease_seconds)",
  );
  const noKeys = await gateway.client().rpc("zzz");
  assert.equal(
    noKeys.error?.message,
    "Could not find the function public.zzz without parameters in the schema cache",
  );
  assert.equal(noKeys.error?.hint, null);
});

Deno.test("PGRST203 names the functions that a call could mean", async () => {
  await using gateway = await gatewayWith(RAISE);
  const { status, error } = await gateway.client().rpc("twice", { a: 1 });
  assert.equal(status, 300);
  assert.match(error?.message ?? "", /^Could not choose the best candidate function between: /);
  assert.match(error?.message ?? "", /public\.twice\(a => integer\)/);
  assert.match(error?.message ?? "", /public\.twice\(a => text\)/);
});

Deno.test("a request that cannot be read is refused with PostgREST's code", async (t) => {
  await using gateway = await gatewayWith(RAISE);
  const cases: [string, number, string, string, Record<string, string>?][] = [
    ["broken JSON", 400, "PGRST102", "{"],
    ["objects with different keys", 400, "PGRST102", '[{"value": 1}, {"other": 2}]'],
    ["another content type", 400, "PGRST102", "a=1", { "content-type": "text/csv" }],
    ["a schema that is not exposed", 406, "PGRST106", "{}", { "content-profile": "cc_private" }],
    ["a wish for CSV", 406, "PGRST107", "{}", { accept: "text/csv" }],
  ];
  for (const [title, status, code, body, headers] of cases) {
    await t.step(title, async () => {
      const answer = await post(gateway.url, "to_number", body, headers);
      assert.deepEqual([answer.status, (answer.json as { code: string }).code], [status, code]);
      assert.equal(answer.headers.get("proxy-status"), `PostgREST; error=${code}`);
    });
  }
});

Deno.test("other methods and paths are refused, and OPTIONS answers a browser", async () => {
  await using gateway = await gatewayWith(RAISE);
  const statusOf = async (method: string, path: string) => {
    const response = await fetch(gateway.url + path, { method });
    await response.body?.cancel();
    return [response.status, response.headers.get("access-control-allow-origin")];
  };
  assert.deepEqual(await statusOf("PUT", "/rest/v1/rpc/to_number"), [405, "*"]);
  assert.deepEqual(await statusOf("OPTIONS", "/rest/v1/rpc/to_number"), [204, "*"]);
  // A table is there, and closed; another is not there.
  assert.deepEqual(await statusOf("GET", "/rest/v1/unique_words"), [401, "*"]);
  assert.deepEqual(await statusOf("GET", "/rest/v1/other_words"), [404, "*"]);
  assert.deepEqual(await statusOf("PUT", "/rest/v1/unique_words"), [405, "*"]);
  assert.deepEqual(await statusOf("GET", "/rest/v1/rpc/to_number/more"), [404, "*"]);
  assert.deepEqual(await statusOf("GET", "/auth/v1/user"), [404, null]);
});

Deno.test("what the gateway cannot do is said, not left out", async () => {
  await using gateway = await gatewayWith(RAISE);
  const { error } = await gateway.client().rpc("to_number", { value: 1 }).limit(1);
  assert.equal(error?.code, "PGRST127");
});

Deno.test("a deadlock or serialization failure is run again until it works", async () => {
  await using gateway = await gatewayWith(`
    create sequence runs;
    create function third_time_lucky(code text) returns bigint language plpgsql security definer as $$
    begin
      if nextval('runs') % 3 <> 0 then raise exception using errcode = code; end if;
      return currval('runs');
    end $$;
    create function never() returns void language plpgsql security definer as $$
    begin perform nextval('runs'); raise sqlstate '40001'; end $$;`);
  assert.equal((await gateway.client().rpc("third_time_lucky", { code: "40001" })).data, 3);
  assert.equal((await gateway.client().rpc("third_time_lucky", { code: "40P01" })).data, 6);
  const { status, error } = await gateway.client().rpc("never");
  assert.deepEqual([status, error?.code], [500, "40001"]);
  assert.match(error?.message ?? "", /^PostgREST re-runs this call for ever/);
  assert.equal((await gateway.sql`select last_value from runs`)[0]?.last_value, "1006");
});
