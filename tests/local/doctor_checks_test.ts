/** The doctor's checks one by one, each on what it may meet. */
import assert from "node:assert/strict";
import { checkAlerts } from "../../local/doctor/check_alerts.ts";
import { checkClock } from "../../local/doctor/check_clock.ts";
import { checkDatabase } from "../../local/doctor/check_database.ts";
import { checkFunctions } from "../../local/doctor/check_functions.ts";
import { checkModel } from "../../local/doctor/check_model.ts";
import { exitCodeOf } from "../../local/doctor/describe_results.ts";
import type { Installation, Patient } from "../../local/doctor/installation.ts";
import type { Level, Result } from "../../local/doctor/result.ts";
import { taskEnvironment } from "../../local/task_environment.ts";

const NOW = Date.UTC(2026, 0, 31);

/** A database that is well; `changes` says what is not. */
function installation(changes: Partial<Installation> = {}): Installation {
  return {
    checkedAt: NOW,
    extensions: { pgNet: "0.20.4", pgCron: "1.6.4", supabaseVault: "0.3.1", pgcrypto: "1.3" },
    migrations: ["1", "2"],
    secrets: {
      ...{ orchestratorUrl: "a", orchestratorKey: "b", syncUrl: "c", syncKey: "d" },
      ...{ mediaUrl: "e", mediaKey: "f", erasureKey: "g", alertUrl: "h" },
    },
    jobs: [{ name: "sweep", schedule: "10 seconds", isActive: true, lastStatus: "succeeded" }],
    sweptAt: NOW - 9_000,
    settings: {
      ...{ businessAddresses: ["whatsapp:+1"], optOutKeywordCount: 3, optInKeywordCount: 3 },
      ...{ tellsOptOut: true, retentionDays: null, hasTemplate: false },
    },
    probeReceivedAt: null,
    alertAnswer: null,
    ...changes,
  };
}

const EXPECTED = { versions: ["1", "2"], jobs: ["sweep"] };
const essence = (results: Result[]) =>
  results.filter(({ level }) => level !== "ok").map(({ level, check }) => `${level} ${check}`);

const troubles: [what: string, changes: Partial<Installation>, expected: string[]][] = [
  ["nothing", {}, []],
  ["an extension that is missing", {
    extensions: { pgNet: null, pgCron: "1", supabaseVault: "1", pgcrypto: "1" },
  }, ["wrong extensions"]],
  ["a migration that did not run", { migrations: ["1"] }, ["wrong migrations"]],
  ["a migration of a newer version", { migrations: ["1", "2", "3"] }, ["hint migrations"]],
  ["no record of migrations", { migrations: null }, ["hint migrations"]],
  ["a schedule that failed", {
    jobs: [{ name: "sweep", schedule: "10 seconds", isActive: true, lastStatus: "failed" }],
  }, ["wrong schedules"]],
  ["a schedule that is gone", { jobs: [] }, ["wrong schedules"]],
  ["a sweep that stopped", { sweptAt: NOW - 61_000 }, ["wrong schedules"]],
  ["a sweep that never ran", { sweptAt: null }, ["wrong schedules"]],
  ["no keywords", {
    settings: { ...installation().settings, optOutKeywordCount: 0, optInKeywordCount: 0 },
  }, ["hint cc_settings"]],
  ["no way back from STOP", {
    settings: { ...installation().settings, optInKeywordCount: 0, tellsOptOut: false },
  }, ["wrong cc_settings", "hint cc_settings"]],
];
for (const [what, changes, expected] of troubles) {
  Deno.test(`checkDatabase() finds ${what}`, () => {
    assert.deepEqual(essence(checkDatabase(installation(changes), EXPECTED)), expected);
  });
}

const clocks: [what: string, ahead: [number, number | undefined], level: Level][] = [
  ["nothing in clocks that agree", [500, -900], "ok"],
  ["functions that are ahead", [11_000, 0], "wrong"],
  ["Twilio behind", [0, -11_000], "wrong"],
  ["nothing where Twilio is silent", [0, undefined], "ok"],
];
for (const [what, [functions, twilio], level] of clocks) {
  Deno.test(`checkClock() finds ${what}`, () => {
    // That this machine's own clock is an hour late changes nothing.
    const hour = 3_600_000;
    const results = checkClock({
      database: hour,
      functions: hour + functions,
      twilio: twilio === undefined ? undefined : hour + twilio,
    });
    assert.deepEqual(results.map((result) => result.level), [level]);
  });
}

/** Answers every request by its path, with a status and a body. */
async function answering(
  answers: Record<string, [status: number, body?: unknown]>,
  test: (url: string) => Promise<void>,
) {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const [status, body = {}] = answers[new URL(request.url).pathname] ?? [404];
      return Response.json(body, { status });
    },
  );
  await test(`http://127.0.0.1:${server.addr.port}`);
}

const strangers: [status: number, level: Level | undefined, text: RegExp][] = [
  [403, undefined, /^$/],
  [200, "wrong", /answers a stranger with 200/],
  [401, "wrong", /wants a user's JWT/],
  [404, "wrong", /is not there/],
  [503, "wrong", /does not start/],
];
for (const [status, level, text] of strangers) {
  Deno.test(`checkFunctions() knows what ${status} to a stranger means`, async () => {
    await answering({ "/later": [status] }, async (functionsUrl) => {
      const names = ["later"];
      const [result] = (await checkFunctions({ functionsUrl, names, environment: {} }))
        .filter((each) => each.level !== "ok");
      assert.equal(result?.level, level);
      assert.match(result?.text ?? "", text);
    });
  });
}

const models: [what: string, answers: Parameters<typeof answering>[0], level: Level][] = [
  ["a model that is there", { "/models/gpt": [200] }, "ok"],
  ["a key that is refused", { "/models/gpt": [401] }, "wrong"],
  ["a server that only has a list", { "/models": [200, { data: [{ id: "gpt" }] }] }, "ok"],
  ["a model that is not in the list", { "/models": [200, { data: [{ id: "other" }] }] }, "wrong"],
  ["a server that tells nothing", {}, "hint"],
  ["a server that fails", { "/models/gpt": [500] }, "unasked"],
];
for (const [what, answers, level] of models) {
  Deno.test(`checkModel() knows ${what}`, async () => {
    await answering(answers, async (baseUrl) => {
      const openai = { apiKey: "key", baseUrl, model: "gpt" };
      assert.deepEqual((await checkModel({ agents: [], openai })).map((each) => each.level), [
        level,
      ]);
    });
  });
}

Deno.test("checkModel() asks nobody for rules, and wants a key for openai", async () => {
  const openai = { apiKey: null, model: "gpt" };
  const level = async (agents: string[]) => (await checkModel({ agents, openai }))[0]?.level;
  assert.deepEqual([await level([]), await level(["openai", "rules"])], ["ok", "wrong"]);
});

const alerts: [what: string, answer: Installation["alertAnswer"], level: Level][] = [
  ["one that was taken", { statusCode: 204, errorCode: null }, "ok"],
  ["one that nobody wanted", { statusCode: 404, errorCode: null }, "wrong"],
  ["one that met nobody", { statusCode: null, errorCode: "no_connection" }, "wrong"],
  ["one that pg_net never sent", null, "wrong"],
];
for (const [what, alertAnswer, level] of alerts) {
  Deno.test(`checkAlerts() knows ${what}`, async () => {
    let time = NOW;
    const database: Patient = {
      salt: "salt",
      installation: () => Promise.resolve(installation({ alertAnswer })),
      sendTestAlert: () => Promise.resolve({ outcome: "sent", requestId: 1 }),
    };
    const wait = (ms: number) => Promise.resolve(void (time += ms));
    const results = await checkAlerts(database, { now: () => time, wait });
    assert.deepEqual(results.map((result) => result.level), [level]);
  });
}

Deno.test("exitCodeOf() is 1 for what is wrong, 2 for what could not be asked, 0 beside hints", () => {
  const of = (...levels: Level[]) =>
    exitCodeOf(levels.map((level) => ({ check: "x", level, text: "y" })));
  assert.deepEqual([of("ok", "hint"), of("ok", "unasked"), of("unasked", "wrong")], [0, 2, 1]);
});

Deno.test("without a URL the doctor asks the model of the local stack where the stack has it", () => {
  const { OPENAI_BASE_URL } = taskEnvironment({}, { basePort: 55320 });
  assert.equal(OPENAI_BASE_URL, "http://127.0.0.1:55324/v1");
});
