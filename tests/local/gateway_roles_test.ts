/** Who a call runs as, and in which transaction. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY } from "../../local/credentials.ts";
import { gatewayWith, post } from "./gateway_fixture.ts";

const WHO = `
  create function who() returns jsonb language sql as $$
    select jsonb_build_object(
      'user', current_user,
      'claims', current_setting('request.jwt.claims')::jsonb,
      'timeout', current_setting('statement_timeout'),
      'lock_timeout', current_setting('lock_timeout'),
      'path', current_setting('search_path'),
      'isolation', current_setting('transaction_isolation')
    )
  $$;
  create function request() returns jsonb language sql as $$
    select jsonb_build_object(
      'method', current_setting('request.method'),
      'path', current_setting('request.path'),
      'headers', current_setting('request.headers')::jsonb,
      'cookies', current_setting('request.cookies')::jsonb
    )
  $$;
`;

type Who = { user: string; claims: Record<string, unknown>; timeout: string; lock_timeout: string };

function jwt(claims: Record<string, unknown>, secret = JWT_SECRET, alg = "HS256"): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const signed = `${part({ alg, typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

Deno.test("the role follows from the key or the token", async (t) => {
  await using gateway = await gatewayWith(WHO);
  const now = Math.floor(Date.now() / 1000);
  const service = jwt({ role: "service_role", exp: now + 60 });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const cases: [string, string, Record<string, string>][] = [
    ["the secret key", "service_role", { apikey: SECRET_KEY }],
    ["the publishable key", "anon", { apikey: PUBLISHABLE_KEY }],
    ["both headers with the key, as supabase-js sends them", "service_role", {
      apikey: SECRET_KEY,
      ...bearer(SECRET_KEY),
    }],
    ["the key as token alone", "service_role", bearer(SECRET_KEY)],
    ["a legacy JWT", "service_role", { apikey: service, ...bearer(service) }],
    ["a user's token beside the publishable key", "authenticated", {
      apikey: PUBLISHABLE_KEY,
      ...bearer(jwt({ role: "authenticated", sub: "u1" })),
    }],
    ["a token without role", "anon", bearer(jwt({ sub: "u1" }))],
    [
      "a token that expired within the allowed skew",
      "service_role",
      bearer(
        jwt({ role: "service_role", exp: now - 20 }),
      ),
    ],
    ["nothing", "anon", {}],
  ];
  for (const [title, role, headers] of cases) {
    await t.step(`${title}: ${role}`, async () => {
      const response = await fetch(`${gateway.url}/rest/v1/rpc/who`, { method: "POST", headers });
      const who: Who = await response.json();
      assert.deepEqual([who.user, who.claims.role], [role, role]);
    });
  }
});

Deno.test("a wrong token is 401, with the reason", async (t) => {
  await using gateway = await gatewayWith(WHO);
  const now = Math.floor(Date.now() / 1000);
  const cases: [string, string, string, string][] = [
    [
      "another secret",
      jwt({ role: "service_role" }, "x".repeat(32)),
      "PGRST301",
      "No suitable key or wrong key type",
    ],
    [
      "no signature",
      jwt({ role: "service_role" }, JWT_SECRET, "none"),
      "PGRST301",
      "Wrong or unsupported encoding algorithm",
    ],
    ["an unknown key", "sb_secret_wrong", "PGRST301", "Expected 3 parts in JWT; got 1"],
    [
      "a time that has passed",
      jwt({ role: "service_role", exp: now - 40 }),
      "PGRST303",
      "JWT expired",
    ],
    [
      "a time to come",
      jwt({ role: "service_role", nbf: now + 40 }),
      "PGRST303",
      "JWT not yet valid",
    ],
  ];
  for (const [title, token, code, message] of cases) {
    await t.step(title, async () => {
      const { status, json, headers } = await post(gateway.url, "who", "{}", {
        apikey: token,
        authorization: `Bearer ${token}`,
      });
      const { code: given, message: said } = json as { code: string; message: string };
      assert.deepEqual([status, given, said], [401, code, message]);
      assert.match(headers.get("www-authenticate") ?? "", /^Bearer error="invalid_token"/);
    });
  }
  await t.step("a role that does not exist", async () => {
    const token = jwt({ role: "nobody_such" });
    const { status, json } = await post(gateway.url, "who", "{}", {
      authorization: `Bearer ${token}`,
    });
    assert.deepEqual([status, (json as { code: string }).code], [401, "22023"]);
  });
});

Deno.test("what a role may not do is 401 for anon and 403 for others", async () => {
  await using gateway = await gatewayWith(`${WHO}
    revoke execute on function who from public, anon, authenticated, service_role;`);
  const anon = await gateway.client(PUBLISHABLE_KEY).rpc("who");
  assert.deepEqual([anon.status, anon.error?.code], [401, "42501"]);
  const service = await gateway.client().rpc("who");
  assert.deepEqual([service.status, service.error?.code], [403, "42501"]);
});

Deno.test("time-outs are the role's own, else those of authenticator, else the function's", async () => {
  await using gateway = await gatewayWith(`${WHO}
    create function hasty() returns text language sql set statement_timeout = '150ms'
      as $$ select current_setting('statement_timeout') $$;
    create function slow() returns void language sql set statement_timeout = '100ms'
      as 'select pg_sleep(5)';`);
  const anon: Who = (await gateway.client(PUBLISHABLE_KEY).rpc("who")).data;
  assert.deepEqual([anon.timeout, anon.lock_timeout], ["3s", "8s"]);
  const service: Who = (await gateway.client().rpc("who")).data;
  assert.deepEqual([service.timeout, service.lock_timeout], ["8s", "8s"]);
  assert.equal((await gateway.client().rpc("hasty")).data, "150ms");
  const { status, error } = await gateway.client().rpc("slow");
  assert.deepEqual([status, error?.code], [500, "57014"]);
});

Deno.test("a function sees the request: method, path, headers and cookies", async () => {
  await using gateway = await gatewayWith(WHO);
  const { json } = await post(gateway.url, "request", "{}", {
    "X-Mixed-Case": "kept",
    cookie: "a=1; b=x=y",
  });
  const { method, path, headers, cookies } = json as Record<string, Record<string, string>>;
  assert.deepEqual([method, path, cookies], ["POST", "/rpc/request", { a: "1", b: "x=y" }]);
  assert.equal(headers?.["x-mixed-case"], "kept");
  assert.equal(headers?.cookie, undefined);
});

Deno.test("nothing of one request is left for the next on the same connection", async () => {
  await using gateway = await gatewayWith(
    `${WHO}
    create function leftovers() returns text language sql as
      $$ select current_user || coalesce(nullif(current_setting('my.note', true), ''), '') $$;
    create function leave() returns text language sql as
      $$ select set_config('my.note', 'left', true) $$;`,
    { pool: { size: 1 } },
  );
  assert.equal((await gateway.client().rpc("leave")).data, "left");
  assert.equal((await gateway.client(PUBLISHABLE_KEY).rpc("leftovers")).data, "anon");
});

Deno.test("Content-Profile chooses the schema, which leads the search path", async () => {
  await using gateway = await gatewayWith(
    `create schema api;
    grant usage on schema api to anon, authenticated, service_role;
    create function api.where_am_i() returns text language sql
      as $$ select current_setting('search_path') $$;`,
    { schemas: ["public", "api"] },
  );
  const { data } = await gateway.client().schema("api").rpc("where_am_i");
  assert.equal(data, '"api", "public", "extensions"');
  assert.equal((await gateway.client().rpc("where_am_i")).error?.code, "PGRST202");
});

Deno.test("a function that is made, changed or dropped later is known by notification", async () => {
  await using gateway = await gatewayWith(WHO);
  const client = gateway.client();
  const called = async (name: string) => {
    const { data, error } = await client.rpc(name);
    return error?.code ?? data;
  };
  assert.equal(await called("later"), "PGRST202");
  await gateway.sql.unsafe("create function later() returns integer language sql as 'select 1'");
  assert.equal(await until(() => called("later"), (value) => value !== "PGRST202"), 1);
  await gateway.sql.unsafe(`
    drop function later();
    create function later() returns text language sql as $$ select 'changed' $$;`).simple();
  assert.equal(await until(() => called("later"), (value) => value === "changed"), "changed");
  await gateway.sql.unsafe("drop function later()");
  assert.equal(await until(() => called("later"), (value) => value === "PGRST202"), "PGRST202");
});

/** Asks again until the answer is the wanted one; gives the last answer after five seconds. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5_000;
  let answer = await ask();
  while (!wanted(answer) && Date.now() < deadline) answer = await ask();
  return answer;
}
