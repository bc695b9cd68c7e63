/** Fetching one file: where it may lead, what is taken, what is tried again. No network is used. */
import assert from "node:assert/strict";
import {
  type FetchedMedia,
  fetchMedia,
  MAXIMUM_MEDIA_BYTES,
} from "../../../supabase/functions/media/fetch_media.ts";
import { ACCOUNT_SID, AUTH_TOKEN } from "../../support/factories.ts";
import { stubFetch } from "../../support/stub_fetch.ts";

const URL_AT_TWILIO =
  `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/MM1/Media/ME1`;
const CDN = "https://mms.twiliocdn.com/ME1?signature=x";
const CREDENTIALS = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`;

async function fetched(
  url = URL_AT_TWILIO,
  { contentType = "image/png", twilioApiUrl = "https://api.twilio.com" } = {},
): Promise<FetchedMedia> {
  const account = { twilioApiUrl, twilioAccountSid: ACCOUNT_SID, twilioAuthToken: AUTH_TOKEN };
  return await fetchMedia(account, { url, contentType });
}

function file(text = "bytes", headers: Record<string, string> = { "content-type": "image/png" }) {
  return new Response(new TextEncoder().encode(text), { headers });
}

function redirect(location: string): Response {
  return new Response(null, { status: 307, headers: { location } });
}

function refusal(errorCode: string, mayPass: boolean): FetchedMedia {
  return { ok: false, errorCode, mayPass };
}

Deno.test("fetchMedia() shows our credentials to Twilio and to nobody its redirects lead to", async () => {
  using stub = stubFetch((_, number) => number === 1 ? redirect(CDN) : file());
  assert.deepEqual(await fetched(), {
    ...{ ok: true, contentType: "image/png" },
    bytes: new TextEncoder().encode("bytes"),
  });
  assert.deepEqual(
    stub.requests.map(({ url, headers }) => [url, headers.get("authorization")]),
    [[URL_AT_TWILIO, CREDENTIALS], [CDN, null]],
  );
  assert.ok(stub.requests.every((request) => request.redirect === "manual"));
});

Deno.test("fetchMedia() fetches from Twilio's other regions, and from its simulator when that is Twilio", async () => {
  using stub = stubFetch((request) => request.url.endsWith("/1") ? redirect("/2") : file());
  for (
    const [url, twilioApiUrl] of [
      ["https://api.ie1.twilio.com/x", "https://api.twilio.com"],
      ["https://api.twilio.com/x", "https://api.dublin.ie1.twilio.com"],
      ["http://127.0.0.1:54323/1", "http://127.0.0.1:54323"],
    ] as const
  ) {
    assert.equal((await fetched(url, { twilioApiUrl })).ok, true, url);
  }
  assert.equal(stub.requests.at(-1)?.url, "http://127.0.0.1:54323/2");
});

const forbiddenStarts = [
  "http://api.twilio.com/x",
  "https://api.twilio.com:8443/x",
  "https://user:password@api.twilio.com/x",
  "https://api.twilio.com@evil.example/x",
  "https://api.twilio.com.evil.example/x",
  "https://evil-api.twilio.com/x",
  "https://evil.example/api.twilio.com",
  "https://mms.twiliocdn.com/x",
  "http://127.0.0.1:54323/x",
  "http://169.254.169.254/latest/meta-data",
  "file:///etc/passwd",
  "data:image/png,x",
  "not a url",
  "",
];
for (const url of forbiddenStarts) {
  Deno.test(`fetchMedia() never asks "${url}"`, async () => {
    using stub = stubFetch(() => file());
    assert.deepEqual(await fetched(url), refusal("host_not_allowed", false));
    assert.equal(stub.requests.length, 0);
  });
}

Deno.test("fetchMedia() never asks the real Twilio while its simulator is Twilio", async () => {
  using stub = stubFetch(() => file());
  const answer = await fetched(URL_AT_TWILIO, { twilioApiUrl: "http://127.0.0.1:54323" });
  assert.deepEqual(answer, refusal("host_not_allowed", false));
  assert.equal(stub.requests.length, 0);
});

const forbiddenRedirects = [
  "http://mms.twiliocdn.com/x",
  "https://127.0.0.1/x",
  "https://127.1/x",
  "https://2130706433/x",
  "https://0x7f.0.0.1/x",
  "https://0177.0.0.1/x",
  "https://10.0.0.1/x",
  "https://192.168.1.1/x",
  "https://172.16.0.1/x",
  "https://169.254.169.254/latest/meta-data",
  "https://100.64.0.1/x",
  "https://8.8.8.8/x",
  "https://[::1]/x",
  "https://[::ffff:127.0.0.1]/x",
  "https://[fd00::1]/x",
  "https://localhost/x",
  "https://localhost./x",
  "https://db.localhost/x",
  "https://kong/x",
  "https://metadata.google.internal/x",
  "https://printer.local/x",
  "https://mms.twiliocdn.com:8443/x",
  "https://user:password@mms.twiliocdn.com/x",
  "file:///etc/passwd",
  "data:image/png,x",
  "https://",
];
for (const location of forbiddenRedirects) {
  Deno.test(`fetchMedia() does not follow a redirect to ${location}`, async () => {
    using stub = stubFetch((_, number) => number === 1 ? redirect(location) : file());
    assert.deepEqual(await fetched(), refusal("redirect_not_allowed", false));
    assert.equal(stub.requests.length, 1);
  });
}

Deno.test("fetchMedia() looks at every redirect, not at the first alone", async () => {
  using stub = stubFetch((_, number) => redirect(number === 1 ? CDN : "https://10.0.0.1/x"));
  assert.deepEqual(await fetched(), refusal("redirect_not_allowed", false));
  assert.equal(stub.requests.length, 2);
});

Deno.test("fetchMedia() follows three redirects and no more", async () => {
  using three = stubFetch((_, number) => number <= 3 ? redirect(CDN) : file());
  assert.equal((await fetched()).ok, true);
  assert.equal(three.requests.length, 4);
  using endless = stubFetch(() => redirect(CDN));
  assert.deepEqual(await fetched(), refusal("too_many_redirects", false));
  assert.equal(endless.requests.length, 4);
});

Deno.test("fetchMedia() does not follow a redirect that leads nowhere", async () => {
  using _ = stubFetch(() => new Response(null, { status: 302, headers: { location: "http://" } }));
  assert.deepEqual(await fetched(), refusal("redirect_not_allowed", false));
});

Deno.test("fetchMedia() says that a file may come later where Twilio answers 404, and then has it", async () => {
  using _ = stubFetch((_, number) => number === 1 ? new Response(null, { status: 404 }) : file());
  assert.deepEqual(await fetched(), refusal("http_404", true));
  assert.equal((await fetched()).ok, true);
});

for (
  const [status, mayPass] of [
    ...[400, 405, 410, 451].map((status) => [status, false] as const),
    ...[401, 403, 404, 408, 429, 500, 502, 503].map((status) => [status, true] as const),
  ]
) {
  Deno.test(`fetchMedia() ${mayPass ? "tries again after" : "gives up at"} ${status}`, async () => {
    using _ = stubFetch(() => new Response("no", { status }));
    assert.deepEqual(await fetched(), refusal(`http_${status}`, mayPass));
  });
}

Deno.test("fetchMedia() tries again after a broken connection and a time-out", async () => {
  using broken = stubFetch(() => {
    throw new TypeError("connection reset by +5511912345678");
  });
  assert.deepEqual(await fetched(), refusal("unreachable", true));
  assert.equal(broken.requests.length, 1);
  using _ = stubFetch(() => {
    throw new DOMException("Signal timed out.", "TimeoutError");
  });
  assert.deepEqual(await fetched(), refusal("timed_out", true));
});

Deno.test("fetchMedia() reads nothing of a file whose length is too large", async () => {
  let wasCancelled = false;
  const body = new ReadableStream({ cancel: () => void (wasCancelled = true) });
  const headers = {
    "content-type": "video/mp4",
    "content-length": String(MAXIMUM_MEDIA_BYTES + 1),
  };
  using _ = stubFetch(() => new Response(body, { headers }));
  assert.deepEqual(await fetched(), refusal("too_large", false));
  assert.equal(wasCancelled, true);
});

Deno.test("fetchMedia() counts what comes, whatever length was announced", async () => {
  const chunk = new Uint8Array(1024 * 1024);
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(chunk);
    },
  });
  const headers = { "content-type": "video/mp4", "content-length": "10" };
  using _ = stubFetch(() => new Response(body, { headers }));
  assert.deepEqual(await fetched(), refusal("too_large", false));
  assert.ok(pulled <= 19, `${pulled} MB were read`);
});

Deno.test("fetchMedia() takes a file of exactly the largest size", async () => {
  using _ = stubFetch(() =>
    new Response(new Uint8Array(MAXIMUM_MEDIA_BYTES), { headers: { "content-type": "video/mp4" } })
  );
  const answer = await fetched();
  assert.equal(answer.ok && answer.bytes.length, MAXIMUM_MEDIA_BYTES);
});

Deno.test("fetchMedia() does not take nothing for a file", async () => {
  using _ = stubFetch(() => file(""));
  assert.deepEqual(await fetched(), refusal("empty", true));
});

for (
  const type of ["text/html", "image/svg+xml", "application/javascript", "application/zip", "", "x"]
) {
  Deno.test(`fetchMedia() does not take the type "${type}", whatever the webhook called it`, async () => {
    using _ = stubFetch(() => file("<p>", { "content-type": type }));
    assert.deepEqual(await fetched(), refusal("type_not_allowed", false));
  });
}

for (
  const [given, taken] of [
    ["audio/ogg; codecs=opus", "audio/ogg"],
    ["IMAGE/JPEG", "image/jpeg"],
    ["application/pdf", "application/pdf"],
    ["text/x-vcard", "text/x-vcard"],
    [
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
  ] as const
) {
  Deno.test(`fetchMedia() takes "${given}"`, async () => {
    using _ = stubFetch(() => file("x", { "content-type": given }));
    const answer = await fetched();
    assert.equal(answer.ok && answer.contentType, taken);
  });
}

Deno.test("fetchMedia() believes the webhook where the answer names no type", async () => {
  using _ = stubFetch(() => file("x", {}));
  const answer = await fetched(URL_AT_TWILIO, { contentType: "audio/amr" });
  assert.equal(answer.ok && answer.contentType, "audio/amr");
});
