/** Settings: all problems in one message, and no value in it. */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  httpUrl,
  readSettings,
  SupabaseSettings,
  TwilioSettings,
} from "../../../supabase/functions/_shared/settings.ts";
import { OrchestratorSettings } from "../../../supabase/functions/orchestrator/settings.ts";
import { WebhookSettings } from "../../../supabase/functions/twilio-webhook/settings.ts";
import { ACCOUNT_SID, AUTH_TOKEN } from "../../support/factories.ts";

const ENVIRONMENT = {
  SUPABASE_URL: "http://127.0.0.1:54321",
  SUPABASE_SECRET_KEYS: `{"default":"sb_secret_1"}`,
  TWILIO_ACCOUNT_SID: ACCOUNT_SID,
  TWILIO_AUTH_TOKEN: AUTH_TOKEN,
  ORCHESTRATOR_KEY: "the key",
};

/** What the function says when it does not start. */
function complaint(schema: z.ZodType, environment: Record<string, string | undefined>): string {
  try {
    readSettings(schema, environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new assert.AssertionError({ message: "it starts" });
}

Deno.test("readSettings() names every missing setting of the webhook in one message", () => {
  assert.equal(
    complaint(WebhookSettings, {}),
    "Cannot start: SUPABASE_URL is missing (URL); " +
      "SUPABASE_SECRET_KEYS is missing (JSON object of keys by name); " +
      "TWILIO_ACCOUNT_SID is missing (AC and 32 hex digits); TWILIO_AUTH_TOKEN is missing (text)",
  );
});

Deno.test("readSettings() names every missing setting of the orchestrator in one message", () => {
  const names = [...complaint(OrchestratorSettings, {}).matchAll(/(\w+) is missing/g)];
  assert.deepEqual(names.map(([, name]) => name).sort(), [
    ...["ORCHESTRATOR_KEY", "SUPABASE_SECRET_KEYS", "SUPABASE_URL"],
    ...["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"],
  ]);
});

Deno.test("readSettings() counts an empty setting as missing", () => {
  const environment = { ...ENVIRONMENT, TWILIO_AUTH_TOKEN: "", ORCHESTRATOR_KEY: undefined };
  assert.equal(
    complaint(OrchestratorSettings, environment),
    "Cannot start: TWILIO_AUTH_TOKEN is missing (text); " +
      "ORCHESTRATOR_KEY is missing (a key)",
  );
});

const WRONG = {
  SUPABASE_URL: "ftp://value-1.example",
  PUBLIC_FUNCTIONS_URL: "value-2",
  SUPABASE_SECRET_KEYS: "value-3",
  TWILIO_ACCOUNT_SID: "value-4",
  TWILIO_API_URL: "value-5",
  AGENTS: "value-6",
  OPENAI_BASE_URL: "value-7",
  ACKNOWLEDGEMENT_TEXT: "value-8 ".repeat(201),
};

Deno.test("readSettings() names every wrong setting, and repeats no value", () => {
  for (const schema of [WebhookSettings, OrchestratorSettings]) {
    const said = complaint(schema, { ...ENVIRONMENT, ...WRONG });
    assert.ok(!said.includes("value-"), said);
    const expected = schema === WebhookSettings
      ? ["SUPABASE_URL", "PUBLIC_FUNCTIONS_URL", "TWILIO_API_URL", "ACKNOWLEDGEMENT_TEXT"]
      : ["SUPABASE_URL", "PUBLIC_FUNCTIONS_URL", "TWILIO_API_URL", "AGENTS", "OPENAI_BASE_URL"];
    for (const name of [...expected, "SUPABASE_SECRET_KEYS", "TWILIO_ACCOUNT_SID"]) {
      assert.ok(said.includes(name), `${name} in "${said}"`);
    }
  }
});

for (const keys of ["[]", "{}", "null", `"key"`, `{"default":1}`, `{"default":""}`]) {
  Deno.test(`readSettings() refuses SUPABASE_SECRET_KEYS ${keys}`, () => {
    const environment = { ...ENVIRONMENT, SUPABASE_SECRET_KEYS: keys };
    assert.equal(
      complaint(SupabaseSettings, environment),
      "Cannot start: SUPABASE_SECRET_KEYS is no JSON object of keys by name",
    );
  });
}

Deno.test("readSettings() takes the default secret key, else the first, else the older form", () => {
  const supabaseKey = (environment: Record<string, string>) =>
    readSettings(SupabaseSettings, { SUPABASE_URL: ENVIRONMENT.SUPABASE_URL, ...environment })
      .supabaseKey;
  const older = { SUPABASE_SERVICE_ROLE_KEY: "older" };
  const named = { SUPABASE_SECRET_KEYS: `{"first":"a","default":"b"}` };
  assert.equal(supabaseKey({ ...older, ...named }), "b");
  assert.equal(supabaseKey({ ...older, SUPABASE_SECRET_KEYS: `{"first":"a","second":"b"}` }), "a");
  assert.equal(supabaseKey(older), "older");
});

Deno.test("readSettings() reads Twilio's settings, both tokens and the public URL", () => {
  const settings = readSettings(TwilioSettings, ENVIRONMENT);
  assert.deepEqual(settings, {
    publicFunctionsUrl: "http://127.0.0.1:54321/functions/v1",
    twilioAccountSid: ACCOUNT_SID,
    twilioAuthToken: AUTH_TOKEN,
    twilioAuthTokens: [AUTH_TOKEN],
    twilioApiUrl: "https://api.twilio.com",
  });
  const rotating = { ...ENVIRONMENT, TWILIO_AUTH_TOKEN_SECONDARY: "second" };
  assert.deepEqual(readSettings(TwilioSettings, rotating).twilioAuthTokens, [AUTH_TOKEN, "second"]);
  const moved = { ...ENVIRONMENT, PUBLIC_FUNCTIONS_URL: "https://bot.example/fn/" };
  assert.equal(readSettings(TwilioSettings, moved).publicFunctionsUrl, "https://bot.example/fn");
});

Deno.test("httpUrl leaves out the slash at the end", () => {
  assert.equal(httpUrl.parse("https://a.example//"), "https://a.example");
});

Deno.test("readSettings() takes the agent service over https or loopback, with its secret", () => {
  const read = (settings: Record<string, string>) =>
    readSettings(OrchestratorSettings, { ...ENVIRONMENT, ...settings }).http;
  const HTTP_AGENT_SECRET = "a key that is longer than 32 characters";
  assert.equal(read({}), null);
  for (
    const url of ["https://agent.example/process", "http://127.0.0.1:9/", "http://localhost:9"]
  ) {
    const http = read({ HTTP_AGENT_URL: url, HTTP_AGENT_SECRET, HTTP_AGENT_TIMEOUT_MS: "700" });
    assert.equal(http?.timeoutMs, 700);
  }
  for (const url of ["http://agent.example", "http://127.0.0.1.example", "http://10.0.0.1"]) {
    const said = complaint(OrchestratorSettings, {
      ...{ ...ENVIRONMENT, HTTP_AGENT_URL: url, HTTP_AGENT_SECRET },
    });
    assert.equal(said, "Cannot start: HTTP_AGENT_URL is not https");
  }
  const without = { ...ENVIRONMENT, HTTP_AGENT_URL: "https://agent.example" };
  assert.equal(
    complaint(OrchestratorSettings, without),
    "Cannot start: HTTP_AGENT_SECRET is missing (the key of the signature)",
  );
  assert.match(
    complaint(OrchestratorSettings, { ...without, HTTP_AGENT_SECRET: "short" }),
    /HTTP_AGENT_SECRET is shorter than 32 characters/,
  );
});

Deno.test("readSettings() reads prices for a million tokens; cached input costs as input", () => {
  const { prices } = readSettings(OrchestratorSettings, {
    ...ENVIRONMENT,
    ...{ OPENAI_INPUT_PRICE: "0.25", OPENAI_OUTPUT_PRICE: "2" },
  }).openai;
  assert.deepEqual(prices, { input: 0.25, cachedInput: 0.25, output: 2 });
  const said = complaint(OrchestratorSettings, { ...ENVIRONMENT, OPENAI_INPUT_PRICE: "cheap" });
  assert.equal(said, "Cannot start: OPENAI_INPUT_PRICE is no price for a million tokens");
});
