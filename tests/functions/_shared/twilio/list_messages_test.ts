/** Reading Twilio's list: to its end, or not at all. */
import assert from "node:assert/strict";
import { listMessages } from "../../../../supabase/functions/_shared/twilio/list_messages.ts";
import { ACCOUNT_SID, AUTH_TOKEN, CUSTOMER, messageSid } from "../../../support/factories.ts";
import { stubFetch } from "../../../support/stub_fetch.ts";

const ACCOUNT = {
  publicFunctionsUrl: "https://bot.example/functions/v1",
  twilioApiUrl: "https://api.twilio.com",
  twilioAccountSid: ACCOUNT_SID,
  twilioAuthToken: AUTH_TOKEN,
};
const MAXIMUM_PAGES = 100;

function entry(overrides: Record<string, unknown> = {}) {
  return {
    ...{ sid: messageSid(), body: "Hello", status: "delivered", to: CUSTOMER, error_code: null },
    date_created: "Fri, 02 Jan 2026 03:04:05 +0000",
    ...overrides,
  };
}

const page = (messages: unknown[], next: string | null = null) =>
  Response.json({ messages, next_page_uri: next, page: 0 });
const nextUri = (number: number) =>
  `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json?To=x&Page=${number}&PageToken=PASM${number}`;

Deno.test("listMessages() asks for an address alone, in the largest pages", async () => {
  using twilio = stubFetch(() => page([]));
  assert.deepEqual(await listMessages(ACCOUNT, CUSTOMER), []);
  const [request] = twilio.requests;
  const { origin, pathname, searchParams } = new URL(request?.url ?? "");
  assert.equal(
    origin + pathname,
    `${ACCOUNT.twilioApiUrl}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`,
  );
  assert.deepEqual(Object.fromEntries(searchParams), { To: CUSTOMER, PageSize: "1000" });
  const credentials = btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`);
  assert.equal(request?.headers.get("authorization"), `Basic ${credentials}`);
  assert.deepEqual([request?.method, request?.redirect], ["GET", "manual"]);
});

Deno.test("listMessages() gives SID, text, status and time of each message", async () => {
  const sent = entry();
  using _ = stubFetch(() => page([sent, entry({ sid: "MM1", body: null, status: "failed" })]));
  const dateCreated = "2026-01-02T03:04:05.000Z";
  assert.deepEqual(await listMessages(ACCOUNT, CUSTOMER), [
    { sid: sent.sid, body: "Hello", status: "delivered", dateCreated },
    { sid: "MM1", body: "", status: "failed", dateCreated },
  ]);
});

Deno.test("listMessages() goes on to the last page, an empty one in between too", async () => {
  const pages = [page([entry({ body: "1" })], nextUri(1)), page([], nextUri(2)), page([entry()])];
  using twilio = stubFetch(() => pages.shift() ?? Response.error());
  const listed = await listMessages(ACCOUNT, CUSTOMER);
  assert.deepEqual(listed.map(({ body }) => body), ["1", "Hello"]);
  assert.deepEqual(twilio.requests.slice(1).map(({ url }) => url), [
    `${ACCOUNT.twilioApiUrl}${nextUri(1)}`,
    `${ACCOUNT.twilioApiUrl}${nextUri(2)}`,
  ]);
  const keys = twilio.requests.map(({ headers }) => headers.get("authorization"));
  assert.equal(new Set(keys).size, 1, "each page is asked for with the credentials");
});

const failures: [string, () => Response][] = [
  ["a 500", () => new Response("", { status: 500 })],
  ["a 429", () => Response.json({ code: 20429 }, { status: 429 })],
  ["a 401", () => Response.json({ code: 20003 }, { status: 401 })],
  ["a redirect", () => new Response(null, { status: 307, headers: { location: "/" } })],
  ["HTML", () => new Response("<html>")],
  ["half an answer", () => new Response(`{"messages":[`)],
  ["no list", () => Response.json({ next_page_uri: null })],
  ["an entry without time", () => page([entry({ date_created: undefined })])],
  ["an entry with a time that is none", () => page([entry({ date_created: "soon" })])],
  ["a broken connection", () => {
    throw new TypeError("connection reset");
  }],
  ["a time-out", () => {
    throw new DOMException("Signal timed out.", "TimeoutError");
  }],
];
for (const [what, answer] of failures) {
  Deno.test(`listMessages() throws at ${what}, on the first page and on a later one`, async () => {
    for (const failing of [1, 2]) {
      using twilio = stubFetch((_, number) =>
        number === failing ? answer() : page([entry()], nextUri(number))
      );
      await assert.rejects(listMessages(ACCOUNT, CUSTOMER), Error);
      assert.equal(twilio.requests.length, failing, "nothing is read after it, nor again");
    }
  });
}

Deno.test("listMessages() throws at a list without end, and reads the longest that has one", async () => {
  for (const last of [MAXIMUM_PAGES, MAXIMUM_PAGES + 1]) {
    using twilio = stubFetch((_, number) =>
      page([entry()], number < last ? nextUri(number) : null)
    );
    const listing = listMessages(ACCOUNT, CUSTOMER);
    if (last > MAXIMUM_PAGES) await assert.rejects(listing, /more than 100 pages/);
    else assert.equal((await listing).length, MAXIMUM_PAGES);
    assert.equal(twilio.requests.length, MAXIMUM_PAGES);
  }
});

Deno.test("listMessages() says nothing of customers when it fails", async () => {
  using _ = stubFetch(() => new Response("to whatsapp:+5511987654321", { status: 500 }));
  await assert.rejects(listMessages(ACCOUNT, CUSTOMER), ({ message }: Error) => {
    assert.equal(message, "Cannot list messages: Twilio answered 500");
    return true;
  });
});
