/** `deno task sync`: what it says, and what it exits with. */
import assert from "node:assert/strict";
import { describeSync } from "../../local/sync/describe_sync.ts";
import { readList, type SyncAnswer } from "../../local/sync/read_list.ts";
import { freePort } from "../../local/free_port.ts";

const ANSWER: SyncAnswer = {
  ...{ messagesRecovered: 2, messagesRejected: 0, messagesTakenOver: 1, statusesRefreshed: 0 },
  ...{ isComplete: true, continueFrom: null, failures: [] },
};

interface Asked {
  since: string;
  key: string | null;
}

/** A sync that gives these answers, one a call. */
async function answering(
  answers: (SyncAnswer | Response)[],
  test: (url: string, asked: Asked[]) => Promise<void>,
) {
  const asked: Asked[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      asked.push({ ...await request.json(), key: request.headers.get("apikey") });
      const answer = answers.shift() ?? new Response("no more", { status: 500 });
      return answer instanceof Response ? answer : Response.json(answer);
    },
  );
  await test(`http://127.0.0.1:${server.addr.port}`, asked);
}

async function task(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      new URL("../../local/sync.ts", import.meta.url).pathname,
      ...args,
    ],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, said: text(stdout) + text(stderr) };
}

Deno.test("the task says what was found, and exits with 0", async () => {
  await answering([ANSWER], async (url, asked) => {
    const { code, said } = await task(["--", "--since", "48h", "--url", url], {
      SYNC_KEY: "the key",
    });
    assert.equal(code, 0, said);
    assert.match(said, /Since 48h Twilio's list has\n {2}2 messages that no webhook had brought/);
    assert.match(said, /It was read to its end\./);
    assert.deepEqual(asked, [{ since: "48h", key: "the key" }]);
  });
});

Deno.test("the task exits with 1 when the list could not be read, and says where to go on", async () => {
  const partly = { ...ANSWER, isComplete: false, continueFrom: "2026-01-31T12:00:00.000Z" };
  await answering([{ ...partly, failures: ["twilio_429", "twilio_429"] }], async (url) => {
    const { code, said } = await task(["--since", "48h", "--url", url], { SYNC_KEY: "the key" });
    assert.equal(code, 1, said);
    assert.match(
      said,
      /not read to its end \(twilio_429\); go on with --since 2026-01-31T12:00:00.000Z/,
    );
  });
});

const wrong: [what: string, args: string[], says: RegExp][] = [
  ["no time is given", [], /say how far back, as in --since 48h/],
  ["the time is none", ["--since", "yesterday"], /--since is "yesterday", neither 90m, 48h or 7d/],
  ["the time is to come", ["--since", "2999-01-01T00:00:00Z"], /neither 90m/],
  ["it goes further back than Twilio", ["--since", "500d"], /400 days/],
  ["an argument is unknown", ["--until", "48h"], /--until/],
  ["the URL is none", ["--since", "1h", "--url", "project"], /PROJECT_URL is no http\(s\) URL/],
];
for (const [what, args, says] of wrong) {
  Deno.test(`the task exits with 2 when ${what}`, async () => {
    const { code, said } = await task(args, { SYNC_KEY: "the key" });
    assert.equal(code, 2, said);
    assert.match(said, says);
  });
}

Deno.test("the task exits with 2 when nobody answers, or the key is wrong", async () => {
  const port = String(freePort() - 1);
  const nobody = await task(["--since", "1h"], { SWITCHBOARD_PORT: port });
  assert.equal(nobody.code, 2, nobody.said);
  assert.match(nobody.said, /does not answer/);
  await answering([Response.json({ error: "key_invalid" }, { status: 403 })], async (url) => {
    const { code, said } = await task(["--since", "1h", "--url", url], { SYNC_KEY: "wrong" });
    assert.equal(code, 2);
    assert.match(said, /answered 403: \{"error":"key_invalid"\}/);
  });
});

Deno.test("readList() goes on where the sync stopped, and adds up what was found", async () => {
  const partly = { ...ANSWER, isComplete: false };
  const [first, second] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"];
  await answering([
    { ...partly, continueFrom: first },
    { ...partly, continueFrom: second },
    ANSWER,
  ], async (url, asked) => {
    const total = await readList({ url, syncKey: "k" }, "7d");
    assert.deepEqual(asked.map(({ since }) => since), ["7d", first, second]);
    assert.deepEqual([total.messagesRecovered, total.isComplete], [6, true]);
  });
});

Deno.test("readList() stops where the sync comes no further", async () => {
  const stuck = { ...ANSWER, isComplete: false, continueFrom: "2026-01-01T00:00:00.000Z" };
  await answering([stuck, stuck], async (url, asked) => {
    assert.equal((await readList({ url, syncKey: "k" }, "7d")).isComplete, false);
    assert.equal(asked.length, 2);
  });
});

Deno.test("describeSync() names each failure once", () => {
  const said = describeSync({ ...ANSWER, isComplete: false, failures: ["a", "a", "b"] }, "1h");
  assert.match(said, /\(a, b\)$/);
});
