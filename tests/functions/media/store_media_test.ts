/** What becomes of claimed files, and who may ring for them. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import type { Event } from "../../../supabase/functions/_shared/events.ts";
import { createApp, type MediaAppDeps } from "../../../supabase/functions/media/app.ts";
import type {
  ClaimedMedia,
  DeletionOutcome,
  FileDeletion,
  MediaOutcome,
} from "../../../supabase/functions/media/media_database.ts";
import { StorageError } from "../../../supabase/functions/media/media_storage.ts";
import { deleteFiles } from "../../../supabase/functions/media/delete_files.ts";
import { storeMedia } from "../../../supabase/functions/media/store_media.ts";
import { fakeClock } from "../../support/fakes.ts";

const KEY = "the key of the media";

/** Files that wait, all of which are there to be fetched; what was recorded and stored of them. */
function mediaDeps(count: number, overrides: Partial<MediaAppDeps> = {}) {
  const clock = fakeClock();
  const waiting = Array.from({ length: count }, (_, index) => claimedFile(index));
  const recorded: [number: string, attempt: number, end: MediaOutcome][] = [];
  const stored = new Map<string, string>();
  const deletions: FileDeletion[] = [];
  const deleted: [storagePath: string, end: DeletionOutcome][] = [];
  const [events, background] = [[] as Event[], [] as Promise<unknown>[]];
  const deps: MediaAppDeps = {
    callerKeys: [KEY],
    database: {
      claimMedia: (maximum) => Promise.resolve(waiting.splice(0, maximum)),
      recordMedia(mediaId, attempt, end) {
        recorded.push([mediaId, attempt, end]);
        return Promise.resolve({ outcome: end.outcome });
      },
      claimFileDeletions: (maximum) => Promise.resolve(deletions.splice(0, maximum)),
      recordFileDeletion({ storagePath }, end) {
        deleted.push([storagePath, end]);
        return Promise.resolve({ outcome: end.outcome });
      },
    },
    fetchMedia: () =>
      Promise.resolve({ ok: true, bytes: new Uint8Array(5), contentType: "image/png" }),
    storage: {
      put: (path, _, contentType) => Promise.resolve(void stored.set(path, contentType)),
      remove: (paths) => Promise.resolve(paths.forEach((path) => stored.delete(path))),
    },
    report: (event) => events.push(event),
    now: clock.now,
    inBackground: (work) => background.push(work),
    ...overrides,
  };
  return { deps, clock, waiting, recorded, stored, deletions, deleted, events, background };
}

function claimedFile(index: number): ClaimedMedia {
  return {
    mediaId: `file ${index}`,
    attempt: 1,
    url: `https://api.twilio.com/${index}`,
    contentType: "image/png",
    storagePath: `path/${index}`,
  };
}

Deno.test("storeMedia() fetches, stores and records file by file until none is due", async () => {
  const { deps, recorded, stored, events } = mediaDeps(7);
  await storeMedia(deps);
  assert.equal(stored.size, 7);
  assert.equal(stored.get("path/6"), "image/png");
  const end = { outcome: "stored", byteSize: 5, contentType: "image/png" };
  assert.deepEqual(recorded[0], ["file 0", 1, end]);
  assert.deepEqual(events[0], {
    ...{ event: "media.fetched", mediaId: "file 0", outcome: "stored", attempt: 1, code: null },
  });
});

Deno.test("storeMedia() says why a file is not there, and whether to try again", async () => {
  for (const [mayPass, outcome] of [[true, "postponed"], [false, "failed"]] as const) {
    const { deps, recorded, stored } = mediaDeps(1, {
      fetchMedia: () => Promise.resolve({ ok: false, errorCode: "http_404", mayPass }),
    });
    await storeMedia(deps);
    assert.deepEqual(recorded, [["file 0", 1, { outcome, errorCode: "http_404" }]]);
    assert.equal(stored.size, 0);
  }
});

Deno.test("storeMedia() tries again when the storage does not take a file", async () => {
  const { deps, recorded } = mediaDeps(1, {
    storage: {
      put: () => Promise.reject(new StorageError("storage_503")),
      remove: () => Promise.resolve(),
    },
  });
  await storeMedia(deps);
  const end = { outcome: "postponed", errorCode: "storage_503" };
  assert.deepEqual(recorded, [["file 0", 1, end]]);
});

Deno.test("storeMedia() goes on with the others when one cannot be recorded", async () => {
  const { deps, recorded, events } = mediaDeps(4);
  const recordMedia = deps.database.recordMedia;
  deps.database.recordMedia = (mediaId, attempt, end) =>
    mediaId === "file 1"
      ? Promise.reject(new DatabaseError("record_media", "57014", 500))
      : recordMedia(mediaId, attempt, end);
  await storeMedia(deps);
  assert.deepEqual(recorded.map(([mediaId]) => mediaId), ["file 0", "file 2", "file 3"]);
  assert.ok(events.some((event) => event.event === "media.failed" && event.code === "57014"));
});

Deno.test("storeMedia() leaves the rest to the next ring when its time is up", async () => {
  const { deps, clock, waiting } = mediaDeps(9);
  const fetchMedia = deps.fetchMedia;
  deps.fetchMedia = (media) => {
    clock.pass(20_000);
    return fetchMedia(media);
  };
  await storeMedia(deps);
  assert.equal(waiting.length, 6);
});

Deno.test("storeMedia() takes a file back whose customer was erased meanwhile", async () => {
  const { deps, stored } = mediaDeps(1);
  deps.database.recordMedia = () => Promise.resolve({ outcome: "erased" });
  await storeMedia(deps);
  assert.equal(stored.size, 0);
});

Deno.test("deleteFiles() deletes until nothing is due, and says so of each file", async () => {
  const { deps, stored, deletions, deleted, events } = mediaDeps(0);
  for (let index = 0; index < 25; index++) {
    stored.set(`path/${index}`, "image/png");
    deletions.push(fileDeletion(index));
  }
  await deleteFiles(deps);
  assert.equal(stored.size, 0);
  assert.equal(deleted.length, 25);
  assert.deepEqual(deleted[0], ["path/0", { outcome: "deleted" }]);
  assert.deepEqual(events[0], {
    ...{ event: "media.deleted", deletionId: "deletion 0", outcome: "deleted", attempt: 1 },
    code: null,
  });
});

Deno.test("deleteFiles() tries again when the storage does not answer", async () => {
  const { deps, deletions, deleted } = mediaDeps(0);
  deps.storage.remove = () => Promise.reject(new StorageError("storage_503"));
  deletions.push(fileDeletion(0));
  await deleteFiles(deps);
  assert.deepEqual(deleted, [["path/0", { outcome: "postponed", errorCode: "storage_503" }]]);
});

function fileDeletion(index: number): FileDeletion {
  return { deletionId: `deletion ${index}`, attempt: 1, storagePath: `path/${index}` };
}

Deno.test("POST /media deletes what has to go before it fetches", async () => {
  const { deps, stored, deletions, background } = mediaDeps(1);
  stored.set("path/0", "image/jpeg");
  deletions.push(fileDeletion(0));
  await ring(deps);
  await background[0];
  assert.deepEqual([...stored.values()], ["image/png"]);
});

Deno.test("POST /media answers 202 at once and fetches after it", async () => {
  const answered = Promise.withResolvers<void>();
  const { deps, stored, background } = mediaDeps(1);
  const { fetchMedia } = deps;
  deps.fetchMedia = async (media) => {
    await answered.promise;
    return await fetchMedia(media);
  };
  const response = await ring(deps);
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { status: "accepted" });
  assert.equal(stored.size, 0);
  answered.resolve();
  assert.equal(background.length, 1, "the platform keeps the worker alive for it");
  await background[0];
  assert.equal(stored.size, 1);
});

Deno.test("POST /media reports the code when the database fails, and nothing else", async () => {
  const { deps, events, background } = mediaDeps(1);
  deps.database.claimMedia = () => Promise.reject(new DatabaseError("claim_media", "57014", 500));
  assert.equal((await ring(deps)).status, 202);
  await background[0];
  assert.deepEqual(events, [{ event: "media.failed", code: "57014" }]);
});

for (
  const [reason, options, status, code] of [
    ["it has no key", { headers: {} }, 403, "key_invalid"],
    ["its key is another", { headers: { apikey: `${KEY}x` } }, 403, "key_invalid"],
    ["it is a GET", { method: "GET" }, 405, "method_not_allowed"],
  ] as const
) {
  Deno.test(`POST /media answers ${status} when ${reason}`, async () => {
    const { deps, background } = mediaDeps(1);
    const response = await ring(deps, options);
    assert.equal(response.status, status);
    assert.deepEqual(await response.json(), { error: code });
    assert.equal(background.length, 0);
  });
}

async function ring(deps: MediaAppDeps, options: RequestInit = {}): Promise<Response> {
  const init = { method: "POST", headers: { apikey: KEY }, ...options };
  return await createApp(deps).request("http://internal/media", init);
}
