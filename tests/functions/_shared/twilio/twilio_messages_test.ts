/** Twilio's list, a page at a time, and the patience with which it is asked. */
import assert from "node:assert/strict";
import { createTwilioReader } from "../../../../supabase/functions/_shared/twilio/read_twilio.ts";
import { createTwilioMessages } from "../../../../supabase/functions/_shared/twilio/twilio_messages.ts";
import { ACCOUNT_SID, AUTH_TOKEN, BUSINESS, CUSTOMER } from "../../../support/factories.ts";
import { fakeClock } from "../../../support/fakes.ts";
import { stubFetch } from "../../../support/stub_fetch.ts";

const ACCOUNT = {
  publicFunctionsUrl: "https://bot.example/functions/v1",
  twilioApiUrl: "https://api.twilio.com",
  twilioAccountSid: ACCOUNT_SID,
  twilioAuthToken: AUTH_TOKEN,
};
const BASE = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`;
const RESOURCE = {
  ...{ sid: "SM1", direction: "inbound", from: CUSTOMER, to: BUSINESS, body: null },
  ...{ status: "received", num_media: "2", error_code: null, price: null },
  date_created: "Fri, 02 Jan 2026 03:04:05 +0000",
  date_sent: "Fri, 02 Jan 2026 03:04:07 +0000",
};
const SINCE = Date.parse("2026-01-02T03:00:00.900Z");

function messagesOn(clock = fakeClock()) {
  return createTwilioMessages(ACCOUNT, createTwilioReader(ACCOUNT, clock.wait));
}

async function read(pages: AsyncIterable<unknown[]>) {
  return (await Array.fromAsync(pages)).flat();
}

Deno.test("pages() asks for one side and its times, to the second, in the largest pages", async () => {
  using twilio = stubFetch(() => Response.json({ messages: [RESOURCE], next_page_uri: null }));
  const [message] = await read(
    messagesOn().pages({ to: BUSINESS, since: SINCE, until: SINCE + 1000 }),
  );
  const { pathname, searchParams } = new URL(twilio.requests[0]?.url ?? "");
  assert.equal(pathname, `${BASE}.json`);
  assert.deepEqual(Object.fromEntries(searchParams), {
    ...{ To: BUSINESS, PageSize: "1000" },
    ...{ "DateSent>": "2026-01-02T03:00:00Z", "DateSent<": "2026-01-02T03:00:01Z" },
  });
  assert.deepEqual(message, {
    ...{ sid: "SM1", isInbound: true, isTwiml: false, from: CUSTOMER, to: BUSINESS, body: "" },
    ...{ status: "received", errorCode: null, mediaCount: 2, resource: RESOURCE },
    createdAt: Date.parse("2026-01-02T03:04:05Z"),
    sentAt: Date.parse("2026-01-02T03:04:07Z"),
  });
});

Deno.test("pages() reads the next page only when it is asked for", async () => {
  const next = `${BASE}.json?PageToken=PASM1`;
  using twilio = stubFetch((_, number) =>
    Response.json({ messages: [], next_page_uri: number < 3 ? next : null })
  );
  const pages = messagesOn().pages({ from: BUSINESS, since: SINCE })[Symbol.asyncIterator]();
  await pages.next();
  assert.equal(twilio.requests.length, 1);
  await pages.next();
  await pages.next();
  assert.equal((await pages.next()).done, true);
  assert.deepEqual(twilio.requests.slice(1).map(({ url }) => url), [
    ACCOUNT.twilioApiUrl + next,
    ACCOUNT.twilioApiUrl + next,
  ]);
});

Deno.test("a page that would lead our credentials to another host is not asked for", async () => {
  using twilio = stubFetch(() => Response.json({ messages: [], next_page_uri: "@evil.example/" }));
  await assert.rejects(read(messagesOn().pages({ to: BUSINESS, since: SINCE })), { status: 400 });
  assert.equal(twilio.requests.length, 1);
});

for (const status of [429, 500, 503]) {
  Deno.test(`after ${status} the page is asked for again, with growing pauses, and not for ever`, async () => {
    const clock = fakeClock();
    using twilio = stubFetch(() => new Response(null, { status }));
    await assert.rejects(read(messagesOn(clock).pages({ to: BUSINESS, since: SINCE })), {
      name: `twilio_${status}`,
    });
    assert.equal(twilio.requests.length, 4);
    assert.equal(clock.waits.length, 3);
    assert.ok(
      clock.waits.every((ms, i) => ms >= 500 * 2 ** i && ms <= 750 * 2 ** i),
      `${clock.waits}`,
    );
  });
}

Deno.test("no answer is waited for again, and a page that then comes counts", async () => {
  using _ = stubFetch((__, number) => {
    if (number === 1) throw new TypeError("connection reset");
    return Response.json({ messages: [RESOURCE], next_page_uri: null });
  });
  assert.equal((await read(messagesOn().pages({ to: BUSINESS, since: SINCE }))).length, 1);
});

Deno.test("what Twilio refuses is not asked again", async () => {
  using twilio = stubFetch(() => new Response(null, { status: 401 }));
  await assert.rejects(read(messagesOn().pages({ to: BUSINESS, since: SINCE })), { status: 401 });
  assert.equal(twilio.requests.length, 1);
});

Deno.test("media() gives the address of each file's content", async () => {
  const uri = `${BASE}/MM1/Media/ME1.json`;
  using twilio = stubFetch(() =>
    Response.json({ media_list: [{ content_type: "image/png", uri, sid: "ME1" }] })
  );
  assert.deepEqual(await messagesOn().media("MM1"), [
    { url: `https://api.twilio.com${BASE}/MM1/Media/ME1`, content_type: "image/png" },
  ]);
  assert.ok(twilio.requests[0]?.url.includes(`${BASE}/MM1/Media.json?`));
});

Deno.test("message() gives one message, and nothing for one that Twilio has no more", async () => {
  using _ = stubFetch((__, number) =>
    number === 1
      ? Response.json({ ...RESOURCE, error_code: 63016 })
      : new Response(null, { status: 404 })
  );
  assert.equal((await messagesOn().message("SM1"))?.errorCode, "63016");
  assert.equal(await messagesOn().message("SM1"), undefined);
});
