/** The stand-in of Supabase Storage, as the real supabase-js and our own port meet it. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { PUBLISHABLE_KEY, SECRET_KEY } from "../../local/credentials.ts";
import { startGateway } from "../../local/gateway.ts";
import {
  createMediaStorage,
  MEDIA_BUCKET,
  StorageError,
} from "../../supabase/functions/media/media_storage.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

const BYTES = new Uint8Array([0, 1, 2, 253, 254, 255]);
const PATH = "conversation/message/0";

async function startStorage(storageFolder?: string) {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createTestDatabase());
  const gateway = await startGateway({
    ...{ port: 0, databaseUrl: database.url("authenticator") },
    ...(storageFolder && { storageFolder }),
  });
  starting.defer(() => gateway.stop());
  const started = starting.move();
  const storageFor = (supabaseKey: string) =>
    createMediaStorage({ supabaseUrl: gateway.url, supabaseKey, timeoutMs: 5_000 });
  const clientFor = (key: string) => createClient(gateway.url, key).storage.from(MEDIA_BUCKET);
  return { storageFor, clientFor, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

Deno.test("put() keeps the bytes and their type, and what is put again replaces them", async () => {
  await using storage = await startStorage();
  await storage.storageFor(SECRET_KEY).put(PATH, new Uint8Array([7]), "image/jpeg");
  await storage.storageFor(SECRET_KEY).put(PATH, BYTES, "image/png");

  const { data, error } = await storage.clientFor(SECRET_KEY).download(PATH);
  assert.equal(error, null);
  assert.equal(data?.type, "image/png");
  assert.deepEqual(new Uint8Array(await data.arrayBuffer()), BYTES);
});

Deno.test("without upsert an object is not replaced", async () => {
  await using storage = await startStorage();
  const client = storage.clientFor(SECRET_KEY);
  assert.equal((await client.upload(PATH, BYTES)).error, null);
  assert.match((await client.upload(PATH, BYTES)).error?.message ?? "", /Duplicate/);
});

for (const place of ["in memory", "in a folder"]) {
  Deno.test(`remove() takes an object away ${place}, and none is no error`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using storage = await startStorage(place === "in memory" ? undefined : folder);
      const media = storage.storageFor(SECRET_KEY);
      await media.put(PATH, BYTES, "image/png");
      await media.remove([PATH, "conversation/message/1"]);
      await media.remove([PATH]);

      assert.notEqual((await storage.clientFor(SECRET_KEY).download(PATH)).error, null);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("the publishable key removes nothing", async () => {
  await using storage = await startStorage();
  await storage.storageFor(SECRET_KEY).put(PATH, BYTES, "image/png");
  await assert.rejects(storage.storageFor(PUBLISHABLE_KEY).remove([PATH]), StorageError);
  assert.equal((await storage.clientFor(SECRET_KEY).download(PATH)).error, null);
});

Deno.test("the bucket is private: the publishable key reads and writes nothing", async () => {
  await using storage = await startStorage();
  await storage.storageFor(SECRET_KEY).put(PATH, BYTES, "image/png");
  await assert.rejects(storage.storageFor(PUBLISHABLE_KEY).put(PATH, BYTES, "image/png"), {
    ...{ name: StorageError.name, code: "storage_400" },
  });
  assert.notEqual((await storage.clientFor(PUBLISHABLE_KEY).download(PATH)).error, null);
});

Deno.test("put() says so when the storage does not answer", async () => {
  const options = { supabaseKey: SECRET_KEY, timeoutMs: 2_000 };
  const storage = createMediaStorage({ supabaseUrl: "http://127.0.0.1:9", ...options });
  await assert.rejects(storage.put(PATH, BYTES, "image/png"), { code: "storage_unreachable" });
});

Deno.test("in a folder objects outlive the gateway, and no path leads out of it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    {
      await using storage = await startStorage(folder);
      await storage.storageFor(SECRET_KEY).put(PATH, BYTES, "image/png");
      await storage.storageFor(SECRET_KEY).put("..%2f..%2foutside", BYTES, "image/png");
    }
    await using storage = await startStorage(folder);
    const { data } = await storage.clientFor(SECRET_KEY).download(PATH);
    assert.deepEqual(new Uint8Array(await data!.arrayBuffer()), BYTES);
    assert.equal([...Deno.readDirSync(folder)].length, 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
