/** A customer who is erased: nothing of them is left anywhere, and nothing brings it back. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { SYNC_KEY, TWILIO_AUTH_TOKEN } from "../../local/credentials.ts";
import type { InboundResult } from "../../local/twilio_simulator/inbound.ts";
import { type Parameters, sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { eventually } from "../support/eventually.ts";
import { clearFaults, pressFault } from "../support/simulator.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const NUMBER = "5511973310042";
const CUSTOMER = `whatsapp:+${NUMBER}`;
/** What must be found before, and nowhere after. Each stands in one kind of field. */
const MARKERS = {
  number: NUMBER,
  name: "Zuleika Quetzalcoatl",
  body: "my PIN is umbrella-7731",
  place: "Rua dos Marcadores 4711",
  media: "the passport of a passenger",
  sendError: "no way to the carrier of Wobbegong",
  turnError: "the model quoted the Axolotl",
  rejected: "half a request about a Quokka",
  summary: "they collect stamps with an Okapi",
  toolArgument: "the card of a Pangolin",
  toolResult: "a case about a Tapir",
};
const ALL_MARKERS = Object.values(MARKERS);

interface ErasableStack extends TestStack {
  storageFolder: string;
  superuser: postgres.Sql;
}

async function startErasable(): Promise<ErasableStack> {
  await using starting = new AsyncDisposableStack();
  const storageFolder = await Deno.makeTempDir({ prefix: "switchboard_storage_" });
  starting.defer(() => Deno.remove(storageFolder, { recursive: true }));
  const test = starting.use(
    await startTestStack({ AGENTS: "openai" }, { storageFolder, lazy: [] }),
  );
  const { host: [host], port: [port], database } = test.sql.options;
  const superuser = postgres(`postgresql://supabase_admin:postgres@${host}:${port}/${database}`, {
    max: 1,
    onnotice: () => {},
  });
  starting.defer(() => superuser.end());
  await test.sql`update cc_settings set debounce_ms = 0, customer_burst_messages = 1000`;
  const all = starting.move();
  return { ...test, storageFolder, superuser, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

Deno.test("of an erased customer nothing is left anywhere, and nothing brings it back", async () => {
  await using test = await startErasable();
  const { sql, stack } = test;
  const written = await plantMarkers(test);
  const before = await findMarkers(test);
  for (const [name, marker] of Object.entries(MARKERS)) {
    assert.ok(before.some((found) => found.marker === marker), `${name} was planted`);
  }
  // What autovacuum does by itself some day: it must not keep samples of what is personal.
  await sql`analyze`;

  const { code, output } = await erase(test, "--address", CUSTOMER, "--yes");
  assert.equal(code, 0, output);
  assert.match(output, /1 addresses/);
  await requestsAreForgotten(test);
  assert.deepEqual(await findMarkers(test), []);

  for (const { parameters } of written) await replay(test, "", parameters);
  await lateCallbacks(test);
  await sync(test);
  const [old] = await sql`
    select is_new_message from ingest_inbound_message(
      'SM' || repeat('0', 32), ${CUSTOMER}, 'whatsapp:+14155238886', ${MARKERS.body},
      inbound_at => now() - interval '1 hour')`;
  assert.equal(old?.["is_new_message"], false);
  await sql`select cc_private.sweep(), cc_private.remove_expired()`;
  await requestsAreForgotten(test);
  assert.deepEqual(await findMarkers(test), []);
  assert.doesNotMatch(test.lines.join("\n"), new RegExp(ALL_MARKERS.join("|")));

  const [broken] = await sql`
    select from cc_audit_logs as entry where hash <> cc_private.audit_hash(entry)`;
  assert.equal(broken, undefined);

  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello again" });
  const [newcomer] = await sql`
    select count(*)::int as messages from cc_messages where from_address = ${CUSTOMER}`;
  assert.equal(newcomer?.["messages"], 1, "a new message is taken in");
});

Deno.test("a file that is being fetched when its customer is erased does not stay", async () => {
  await using test = await startErasable();
  const { sql, stack } = test;
  await pressFault(stack.twilio, "twilio_list", "slow:3000");
  const media = [{ contentType: "image/png", base64: btoa(MARKERS.media) }];
  await stack.twilio.inbound({ from: CUSTOMER, body: "Look", media });
  await eventually("the file to be fetched", async () => {
    const [fetching] = await sql`select from cc_media where state = 'fetching'`;
    return fetching !== undefined;
  });
  await settled(test);
  const [customer] = await sql`select id from cc_customers`;
  await eventually("the erasure", async () => {
    const [answer] = await sql`select erase_customer(${customer?.["id"]}) ->> 'outcome' as outcome`;
    return answer?.["outcome"] === "erased";
  });
  await eventually(
    "the fetcher to learn of it",
    () => Promise.resolve(test.lines.some((line) => line.includes('"outcome":"erased"'))),
  );
  await eventually("the file to be taken back", async () => (await filesOf(test)).length === 0);

  // What would bring back a fetcher that nobody can tell: a file at the path, when the lease ends.
  const [deletion] = await sql`select storage_path from cc_private.file_deletions`;
  const name = encodeURIComponent(`cc-media/${deletion?.["storage_path"]}`);
  await Deno.writeTextFile(`${test.storageFolder}/${name}`, MARKERS.media);
  await sql`update cc_private.file_deletions set due_at = now()`;
  await sql`select cc_private.remove_expired()`;
  await eventually("the file to be deleted", async () => {
    const [waiting] = await sql`select from cc_private.file_deletions`;
    return waiting === undefined && (await filesOf(test)).length === 0;
  });
  await clearFaults(stack.twilio);
});

Deno.test("deno task export writes all of one customer, and deno task erase asks before it erases", async () => {
  await using test = await startErasable();
  const { stack } = test;
  await stack.twilio.inbound({ from: CUSTOMER, body: MARKERS.body, ProfileName: MARKERS.name });
  await stack.twilio.inbound({ from: "whatsapp:+5511900000009", body: "Another's" });
  await settled(test);

  const out = `${test.storageFolder}/export.jsonl`;
  const exported = await run(test, "export.ts", "--address", CUSTOMER, "--out", out);
  assert.equal(exported.code, 0, exported.output);
  const text = await Deno.readTextFile(out);
  const rows = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(rows.map(({ kind }) => kind), [
    ...["customer", "address", "conversation", "message", "message"],
  ]);
  assert.equal(rows[3].body_json.parameters.ProfileName, MARKERS.name);
  assert.doesNotMatch(text, /Another's|5511900000009/);
  assert.equal((await run(test, "export.ts", "--address", CUSTOMER, "--out", out)).code, 2);

  const asked = await erase(test, "--address", CUSTOMER);
  assert.deepEqual([asked.code, (await findMarkers(test)).length > 0], [1, true], asked.output);
  assert.equal((await erase(test, "--address", "whatsapp:+5511900000001", "--yes")).code, 1);
  assert.equal((await erase(test, "--yes")).code, 2);
});

/** A marker in every field that holds what a customer, Twilio or a model said. */
async function plantMarkers(test: ErasableStack): Promise<InboundResult[]> {
  const { sql, stack } = test;
  const from = { from: CUSTOMER, ProfileName: MARKERS.name };
  const media = [{ contentType: "image/png", base64: btoa(MARKERS.media) }];
  const written = [
    await stack.twilio.inbound({ ...from, body: MARKERS.body }),
    await stack.twilio.inbound({ ...from, body: "Here", media }),
    await stack.twilio.inbound({
      ...from,
      ...{ MessageType: "location", Latitude: "-23.5", Longitude: "-46.6" },
      ...{ Address: MARKERS.place, Label: MARKERS.place },
    }),
    await stack.twilio.inbound({ ...from, body: MARKERS.rejected, MessageSid: null }),
  ];
  await settled(test);
  await eventually("the file to be stored", async () => {
    const [stored] = await sql`select from cc_media where state = 'stored'`;
    return stored !== undefined;
  });
  await eventually("the last of Twilio's own callbacks", async () => {
    const [early] = await sql`
      select from cc_messages where direction = 'outbound' and coalesce(delivery_status, '') <> 'read'`;
    return early === undefined;
  });
  await callback(test, { ErrorCode: "63016", ErrorMessage: MARKERS.sendError });
  await sql`update cc_turns set last_error_code = 'x', last_error_message = ${MARKERS.turnError}`;
  await sql`update cc_conversations set summary = ${MARKERS.summary}, summary_seq = 1`;
  await sql`
    insert into cc_tool_calls
      (first_message_id, tool, arguments, arguments_hash, turn_id, attempt, result, finished_at)
    select id, 'block_card', jsonb_build_object('card', ${MARKERS.toolArgument}::text),
      sha256(convert_to(${MARKERS.toolArgument}, 'UTF8')), turn_id, 1,
      jsonb_build_object('json', ${MARKERS.toolResult}::text), now()
    from cc_messages where seq = 1`;
  return written;
}

/** Twilio reports of the newest outbound message that it was not delivered. */
async function callback({ sql, stack }: TestStack, more: Record<string, string>) {
  await sql`update cc_messages set delivery_status = 'queued' where direction = 'outbound'`;
  const [sent] = await sql`
    select id, provider_message_id as sid from cc_messages
    where direction = 'outbound' order by seq desc limit 1`;
  await post(stack.webhookUrl, `/status?message_id=${sent?.["id"]}`, {
    ...{ MessageSid: sent?.["sid"], MessageStatus: "undelivered", To: CUSTOMER, ...more },
  });
}

async function lateCallbacks(test: TestStack) {
  await callback(test, { ErrorCode: "63016", ErrorMessage: MARKERS.sendError });
}

async function replay(
  { stack }: TestStack,
  path: string,
  parameters: Record<string, string | readonly string[]>,
) {
  await post(stack.webhookUrl, path, parameters as Parameters);
}

async function post(webhookUrl: string, path: string, parameters: Parameters) {
  const pairs = Object.entries(parameters)
    .flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)]));
  const response = await fetch(webhookUrl + path, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": sign(TWILIO_AUTH_TOKEN, webhookUrl + path, parameters),
    },
    body: new URLSearchParams(pairs).toString(),
  });
  assert.equal(response.status, 200);
  await response.body?.cancel();
}

async function sync({ stack }: TestStack) {
  const url = `${stack.gateway.url}/functions/v1/twilio-sync`;
  const response = await fetch(url, { method: "POST", headers: { apikey: SYNC_KEY } });
  assert.equal(response.status, 202);
  await response.body?.cancel();
}

async function settled({ sql }: TestStack) {
  await eventually("all to be answered and sent", async () => {
    const [open] = await sql`
      select from cc_turns where state in ('pending', 'running', 'retrying')
      union all
      select from cc_messages where send_state in ('ready', 'sending', 'uncertain')`;
    return open === undefined;
  });
}

async function requestsAreForgotten({ sql }: TestStack) {
  await eventually("the sweep to forget its requests", async () => {
    await sql`select cc_private.sweep()`;
    const [waiting] = await sql`
      select from net.http_request_queue union all select from cc_private.dispatches
      where dispatched_at < now() - interval '2 seconds'`;
    return waiting === undefined;
  }, 40_000);
}

/** Where a marker stands: in every row of every table that the catalogue knows, and in every file. */
async function findMarkers({ superuser, ...test }: ErasableStack) {
  const tables = await superuser<{ name: string }[]>`
    select oid::regclass::text as name from pg_class
    where relkind in ('r', 'p', 'm') and relpersistence <> 't' order by 1`;
  assert.ok(tables.some(({ name }) => name === "pg_statistic"));
  const found: { marker: string; where: string }[] = [];
  for (const { name } of tables) {
    const rows = await superuser.unsafe(
      `select marker from unnest($1::text[]) as marker
       where exists (
         select from ${name} as entry
         where strpos(entry::text, marker) > 0 or strpos(entry::text, encode(convert_to(marker, 'UTF8'), 'hex')) > 0
       )`,
      [ALL_MARKERS],
    );
    found.push(...rows.map(({ marker }) => ({ marker, where: name })));
  }
  for (const [file, text] of await filesOf(test)) {
    const inFile = ALL_MARKERS.filter((marker) => `${file} ${text}`.includes(marker));
    found.push(...inFile.map((marker) => ({ marker, where: file })));
  }
  return found;
}

async function filesOf({ storageFolder }: { storageFolder: string }) {
  const files: [name: string, text: string][] = [];
  for await (const { name } of Deno.readDir(storageFolder)) {
    if (name === "export.jsonl") continue;
    files.push([name, await Deno.readTextFile(`${storageFolder}/${name}`)]);
  }
  return files;
}

async function erase(test: TestStack, ...args: string[]) {
  return await run(test, "erase.ts", ...args);
}

/** Runs a task as an operator does, against this stack. */
async function run({ stack }: TestStack, task: string, ...args: string[]) {
  const basePort = Number(new URL(stack.gateway.url).port) - 1;
  const path = new URL(`../../local/${task}`, import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", path, ...args],
    env: { SWITCHBOARD_PORT: String(basePort) },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
