/** Files that customers send: fetched beside the answer, stored, tried again, given up with a reason. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { MEDIA_KEY, SECRET_KEY } from "../../local/credentials.ts";
import { eventually } from "../support/eventually.ts";
import { clearFaults, pressFault } from "../support/simulator.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const CUSTOMER = "whatsapp:+5511912345678";

interface StoredFile {
  state: string;
  attempt: number;
  content_type: string;
  byte_size: number | null;
  storage_path: string | null;
  error_code: string | null;
}

/** The one file there is, as soon as it is as wanted. */
async function fileOnce(
  { sql }: TestStack,
  what: string,
  isWanted: (file: StoredFile) => boolean,
): Promise<StoredFile> {
  return await eventually(what, async () => {
    const [file] = await sql<StoredFile[]>`select * from cc_media`;
    return file && isWanted(file) && file;
  });
}

async function download({ stack }: TestStack, path: string | null): Promise<Blob> {
  const { storage } = createClient(stack.gateway.url, SECRET_KEY);
  const { data, error } = await storage.from("cc-media").download(path ?? "");
  assert.equal(error, null);
  return data as Blob;
}

for (
  const [name, contentType] of [["an image", "image/png"], ["a voice note", "audio/ogg"]] as const
) {
  Deno.test(`${name} is answered, fetched and stored`, async () => {
    await using test = await startTestStack({}, { lazy: [] });
    const content = `the content of ${name}`;
    const media = [{ contentType, base64: btoa(content) }];

    const { response } = await test.stack.twilio.inbound({ from: CUSTOMER, media });
    assert.equal(response?.status, 200);
    await test.stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });

    const file = await fileOnce(test, "the file to be stored", ({ state }) => state === "stored");
    assert.deepEqual(
      [file.attempt, file.content_type, file.byte_size, file.error_code],
      [1, contentType, content.length, null],
    );
    const stored = await download(test, file.storage_path);
    assert.deepEqual([stored.type, await stored.text()], [contentType, content]);
  });
}

Deno.test("a file that Twilio does not have yet says so, and is fetched when it has", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  await test.sql`update cc_settings set backoff_base_ms = 1000`;
  await pressFault(test.stack.twilio, "twilio_list", "refuse:20404");

  await test.stack.twilio.inbound({ from: CUSTOMER, media: [{ contentType: "image/png" }] });
  await fileOnce(
    test,
    "the file to say why it is not there",
    ({ state, error_code }) => state === "waiting" && error_code === "http_404",
  );
  const file = await fileOnce(test, "the second attempt", ({ state }) => state === "stored");
  assert.deepEqual([file.attempt, file.error_code], [2, null]);
});

Deno.test("a reply does not wait for a file that Twilio does not hand out", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  await pressFault(test.stack.twilio, "twilio_list", "hang", 5);

  await test.stack.twilio.inbound({
    ...{ from: CUSTOMER, body: "Is this card yours?", media: [{ contentType: "image/png" }] },
  });
  await fileOnce(test, "the file to be fetched", ({ state }) => state === "fetching");
  await test.stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 15_000 });
  const file = await fileOnce(test, "the file", () => true);
  assert.deepEqual([file.state, file.attempt], ["fetching", 1]);
  await clearFaults(test.stack.twilio);
});

Deno.test("a file that must not be stored is given up with the reason, and its message is answered", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  await test.stack.twilio.inbound({
    ...{ from: CUSTOMER, body: "Look", media: [{ contentType: "text/html" }] },
  });
  await test.stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  const file = await fileOnce(test, "the file to be given up", ({ state }) => state === "failed");
  assert.deepEqual([file.attempt, file.error_code], [1, "type_not_allowed"]);
  assert.doesNotMatch(test.lines.join("\n"), /5511912345678|\/Accounts\//);
});

Deno.test("a fetcher that is killed is followed by another, and the file is stored once", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  const { sql, stack } = test;
  for (const point of ["after_claim", "before_store", "after_store"]) {
    await pressFault(stack.twilio, "function:media", `kill_at:${point}`);
  }
  const media = [{ contentType: "image/png", base64: btoa("the content") }];
  await stack.twilio.inbound({ from: CUSTOMER, media });

  for (const attempt of [1, 2, 3]) {
    await eventually(
      `the end of attempt ${attempt}`,
      () => Promise.resolve(countOf(test, "media: process ended") === attempt),
    );
    // What the end of the lease and the sweep would bring.
    await sql`update cc_media set due_at = now() where state = 'fetching' and attempt = ${attempt}`;
    const ring = { method: "POST", headers: { apikey: MEDIA_KEY } };
    const response = await fetch(`${stack.gateway.url}/functions/v1/media`, ring);
    // Only the last of these is not killed, perhaps before its answer has left.
    if (attempt === 3) assert.equal(response.status, 202);
    await response.body?.cancel();
  }
  const file = await fileOnce(test, "the file to be stored", ({ state }) => state === "stored");
  assert.deepEqual([file.attempt, file.error_code], [4, null]);
  assert.equal(await (await download(test, file.storage_path)).text(), "the content");
});

function countOf({ lines }: TestStack, text: string): number {
  return lines.filter((line) => line.includes(text)).length;
}
