/** A function that lacks a secret does not start: it names all that are missing, and prints none. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { functionEnvironment } from "../../local/function_environment.ts";
import { functionNames, prepareFunctions } from "../../local/functions.ts";
import { FUNCTIONS, IMPORT_MAP } from "../../local/stack.ts";
import { KEY_SETTINGS } from "../support/routes.ts";

const TWILIO = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"];
const SUPABASE = ["SUPABASE_URL", "SUPABASE_SECRET_KEYS"];

const names = await functionNames(FUNCTIONS);
await prepareFunctions({ folder: FUNCTIONS, importMap: IMPORT_MAP });

/** What each function needs. */
function neededBy(name: string): string[] {
  const key = KEY_SETTINGS[name];
  return [...SUPABASE, ...TWILIO, ...(key ? [key] : [])];
}

/** Starts its index.ts in an environment that holds this alone; it must end by itself. */
async function start(name: string, environment: Record<string, string>) {
  const index = fileURLToPath(new URL(`file://${FUNCTIONS}/${name}/index.ts`));
  const deno = ["DENO_DIR", "HOME"].map((each) => [each, Deno.env.get(each)]);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // No network: one that starts after all fails at listening.
    args: [
      ...["run", "--quiet", "--no-lock", "--no-config", "--cached-only", "--no-prompt"],
      ...["--no-check", "--allow-env", "--import-map", IMPORT_MAP, index],
    ],
    clearEnv: true,
    env: {
      NO_COLOR: "1",
      ...Object.fromEntries(deno.filter(([, value]) => value)),
      ...environment,
    },
    stdin: "null",
    signal: AbortSignal.timeout(30_000),
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output: `${out}${error}` };
}

function message(output: string): string {
  return output.match(/Cannot start: .*/)?.[0] ?? assert.fail(output);
}

const complete = functionEnvironment({
  ...{
    gateway: "http://127.0.0.1:9",
    twilio: "http://127.0.0.1:9",
    openai: "http://127.0.0.1:9/v1",
  },
}, {});

Deno.test("the settings that are needed are known for every function", () => {
  assert.deepEqual(names, [...Object.keys(KEY_SETTINGS), "twilio-webhook"].sort());
});

for (const name of names) {
  Deno.test(`${name} starts with what it needs, and names every setting that is missing`, async () => {
    const nothing = await start(name, {});
    assert.equal(nothing.code, 1);
    const missing = [...message(nothing.output).matchAll(/([A-Z][A-Z_]+) is missing/g)];
    assert.deepEqual(missing.map(([, setting]) => setting).sort(), neededBy(name).sort());

    const whole = await start(name, complete);
    assert.match(whole.output, /NotCapable|Requires net access/, "only listening is refused");
    assert.doesNotMatch(whole.output, /Cannot start/);
  });

  Deno.test(`${name} names the one setting that is missing or wrong, and prints no value`, async () => {
    const secrets = neededBy(name).map((
      setting,
    ) => [setting, `wrong\u0007${setting.length} secret`]);
    const wrong = await start(name, { ...complete, ...Object.fromEntries(secrets) });
    assert.equal(wrong.code, 1);
    for (const [, value = ""] of secrets) assert.ok(!wrong.output.includes(value), wrong.output);
    assert.match(message(wrong.output), /TWILIO_ACCOUNT_SID is not AC and 32 hex digits/);

    for (const setting of neededBy(name)) {
      const { [setting]: _, ...rest } = complete;
      const { output } = await start(name, rest);
      assert.match(message(output), new RegExp(`^Cannot start: ${setting} is missing \\([^;]*$`));
      for (const other of neededBy(name).filter((each) => each !== "SUPABASE_URL")) {
        const value = rest[other];
        assert.ok(!value || !output.includes(value), `${other} was printed: ${output}`);
      }
    }
  });
}
