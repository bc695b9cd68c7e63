/** What becomes of claimed files, and who may ring for them. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import type { Event } from "../../../supabase/functions/_shared/events.ts";
import { createApp, type MediaAppDeps } from "../../../supabase/functions/media/app.ts";
import type {
  ClaimedMedia,
  MediaOutcome,
} from "../../../supabase/functions/media/media_database.ts";
import { StorageError } from "../../../supabase/functions/media/media_storage.ts";
import { storeMedia } from "../../../supabase/functions/media/store_media.ts";
import { fakeClock } from "../../support/fakes.ts";

const KEY = "the key of the media";

/** Files that wait, all of which are there to be fetched; what was recorded and stored of them. */
function mediaDeps(count: number, overrides: Partial<MediaAppDeps> = {}) {
  const clock = fakeClock();
  const waiting = Array.from({ length: count }, (_, index) => claimedFile(index));
  const recorded: [number: string, attempt: number, end: MediaOutcome][] = [];
  const stored = new Map<string, string>();
  const [events, background] = [[] as Event[], [] as Promise<unknown>[]];
  const deps: MediaAppDeps = {
    callerKeys: [KEY],
    database: {
      claimMedia: (maximum) => Promise.resolve(waiting.splice(0, maximum)),
      recordMedia(mediaId, attempt, end) {
        recorded.push([mediaId, attempt, end]);
        return Promise.resolve({ outcome: end.outcome });
      },
    },
    fetchMedia: () =>
      Promise.resolve({ ok: true, bytes: new Uint8Array(5), contentType: "image/png" }),
    storage: {
      put: (path, _, contentType) => Promise.resolve(void stored.set(path, contentType)),
    },
    report: (event) => events.push(event),
    now: clock.now,
    inBackground: (work) => background.push(work),
    ...overrides,
  };
  return { deps, clock, waiting, recorded, stored, events, background };
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
    storage: { put: () => Promise.reject(new StorageError("storage_503")) },
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
