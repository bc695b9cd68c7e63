/** What each kind of function gives to supabase-js through the gateway. */
import assert from "node:assert/strict";
import { gatewayWith, post } from "./gateway_fixture.ts";

const FUNCTIONS = `
  create table pets (id bigint primary key, name text);
  insert into pets values (1, 'Ada'), (2, 'Bo');
  create function add(a integer, b integer default 10) returns integer
    language sql immutable as 'select a + b';
  create function names() returns setof text language sql stable security definer
    as 'select name from pets order by id';
  create function all_pets() returns setof pets language sql stable security definer
    as 'select * from pets order by id';
  create function pet(wanted bigint) returns pets language sql stable security definer
    as 'select * from pets where id = wanted';
  create function pets_named(wanted text) returns table (id bigint, name text)
    language sql stable security definer as 'select id, name from pets where name = wanted';
  create function next_number(number integer, out number_plus_one integer)
    language sql as 'select number + 1';
  create function nothing() returns void language sql as 'select 1';
  create function whole(jsonb) returns jsonb language sql as 'select $1 || ''{"seen": true}''';
  create function document(value jsonb default '{"from": "default"}') returns jsonb
    language sql as 'select value';
  create function is_sql_null(value jsonb) returns boolean language sql as 'select value is null';
  create function join_words(words text[]) returns text language sql
    as 'select array_to_string(words, ''+'')';
  create function to_words(value text) returns text language sql as 'select value';
  create function joined(variadic words text[]) returns text language sql
    as 'select array_to_string(words, ''-'')';
  create function many() returns setof integer language sql as 'select generate_series(1, 1500)';
  create function teapot() returns text language plpgsql as $$
  begin
    perform set_config('response.status', '418', true);
    perform set_config('response.headers', '[{"x-pot": "tea"}]', true);
    return 'short and stout';
  end $$;
  create domain price as numeric;
  create function cost() returns price language sql as 'select 1.50::price';
`;

Deno.test("rpc() gives each kind of result as PostgREST does", async (t) => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const client = gateway.client();
  const cases: [title: string, name: string, args: Record<string, unknown>, result: unknown][] = [
    ["a scalar", "add", { a: 1, b: 2 }, 3],
    ["a scalar, with a default for what is missing", "add", { a: 1 }, 11],
    ["null for a scalar that is null", "add", { a: null }, null],
    ["a set of scalars as an array", "names", {}, ["Ada", "Bo"]],
    ["a set of rows as objects", "all_pets", {}, [{ id: 1, name: "Ada" }, { id: 2, name: "Bo" }]],
    ["one row as an object", "pet", { wanted: 2 }, { id: 2, name: "Bo" }],
    ["a missing row as an object of nulls", "pet", { wanted: 9 }, { id: null, name: null }],
    ["a table, empty, as an empty array", "pets_named", { wanted: "Cy" }, []],
    ["one out parameter as an object", "next_number", { number: 5 }, { number_plus_one: 6 }],
    ["nothing for void", "nothing", {}, null],
    ["the whole body to one unnamed parameter", "whole", { any: "key" }, {
      any: "key",
      seen: true,
    }],
    ["JSON as it is", "document", { value: { deep: [1, "two", null] } }, {
      deep: [1, "two", null],
    }],
    ["a default of JSON", "document", {}, { from: "default" }],
    ["JSON null as SQL null", "is_sql_null", { value: null }, true],
    ["an array", "join_words", { words: ["a", "b"] }, "a+b"],
    ["a number for text", "to_words", { value: 7 }, "7"],
    ["an object for text as its JSON", "to_words", { value: { a: 1 } }, '{"a":1}'],
    ["a variadic parameter", "joined", { words: ["a", "b", "c"] }, "a-b-c"],
    ["a domain as its base type", "cost", {}, 1.5],
  ];
  for (const [title, name, args, expected] of cases) {
    await t.step(title, async () => {
      const { data, error } = await client.rpc(name, args);
      assert.deepEqual({ data, error }, { data: expected, error: null });
    });
  }
});

Deno.test("rpc().single() gives one object, and PGRST116 for any other number of rows", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const client = gateway.client();
  assert.deepEqual((await client.rpc("pets_named", { wanted: "Bo" }).single()).data, {
    id: 2,
    name: "Bo",
  });
  assert.deepEqual(
    await client.rpc("all_pets").single().then(({ error, status }) => [error, status]),
    [
      {
        code: "PGRST116",
        message: "Cannot coerce the result to a single JSON object",
        details: "The result contains 2 rows",
        hint: null,
      },
      406,
    ],
  );
  assert.equal((await client.rpc("pets_named", { wanted: "Cy" }).maybeSingle()).data, null);
});

Deno.test("rpc().single() rolls back when the number of rows is not one", async () => {
  await using gateway = await gatewayWith(`
    create table calls (at timestamptz default now());
    create function call_twice() returns setof integer language sql security definer as
      'insert into calls default values; select generate_series(1, 2)';`);
  const { error } = await gateway.client().rpc("call_twice").single();
  assert.equal(error?.code, "PGRST116");
  assert.deepEqual([...await gateway.sql`select * from calls`], []);
  assert.equal((await gateway.client().rpc("call_twice")).status, 200);
  assert.equal((await gateway.sql`select * from calls`).length, 1);
});

Deno.test("rpc() with get reads the arguments from the query and cannot write", async () => {
  await using gateway = await gatewayWith(`${FUNCTIONS}
    create function write() returns void language sql security definer as
      'insert into pets values (3, ''Cy'')';`);
  const client = gateway.client();
  const read = { get: true };
  assert.equal((await client.rpc("add", { a: 1, b: 5 }, read)).data, 6);
  assert.equal((await client.rpc("join_words", { words: ["a", "b"] }, read)).data, "a+b");
  const written = await client.rpc("write", {}, read);
  assert.deepEqual([written.status, written.error?.code], [405, "25006"]);
  assert.equal((await client.rpc("write")).status, 204);
});

Deno.test("a stable function cannot write, even when it is called with POST", async () => {
  await using gateway = await gatewayWith(`
    create table notes (text text);
    create function note() returns void language plpgsql volatile security definer as
      $$ begin insert into notes values ('x'); end $$;
    create function quiet() returns void language plpgsql stable as $$ begin perform note(); end $$;`);
  const { status, error } = await gateway.client().rpc("quiet");
  assert.deepEqual([status, error?.code], [405, "25006"]);
});

Deno.test("count and HEAD tell how many rows there are", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const counted = await gateway.client().rpc("all_pets", {}, { count: "exact" });
  assert.deepEqual([counted.count, counted.data.length], [2, 2]);
  const head = await gateway.client().rpc("all_pets", {}, { count: "exact", head: true });
  assert.deepEqual([head.count, head.data], [2, null]);
});

Deno.test("no more than the platform's 1000 rows come back", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const { data, count, status } = await gateway.client().rpc("many", {}, { count: "exact" });
  assert.deepEqual([data.length, count, status], [1000, 1500, 206]);
});

Deno.test("a function sets status and headers of its answer", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const { status, headers, json } = await post(gateway.url, "teapot", "{}");
  assert.deepEqual([status, headers.get("x-pot"), json], [418, "tea", "short and stout"]);
});

Deno.test("an answer carries PostgREST's headers, and none of a body for void", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const pets = await post(gateway.url, "all_pets", "");
  assert.equal(pets.headers.get("content-type"), "application/json; charset=utf-8");
  assert.equal(pets.headers.get("content-range"), "0-1/*");
  assert.equal(pets.headers.get("content-profile"), "public");
  const nothing = await post(gateway.url, "nothing", "{}");
  assert.deepEqual([nothing.status, nothing.json, nothing.headers.get("content-type")], [
    204,
    "",
    null,
  ]);
});

Deno.test("of an array in the body only the first object counts", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  assert.equal((await post(gateway.url, "add", '[{"a": 1, "b": 1}, {"a": 5, "b": 5}]')).json, 2);
});
