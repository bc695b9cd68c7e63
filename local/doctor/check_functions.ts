/** Whether each function is deployed, starts, refuses strangers, and takes the key that it should. */
import { z } from "zod";
import type { Environment } from "../function_environment.ts";
import { type Answer, ask } from "./ask.ts";
import { CALLER_KEYS } from "./check_settings.ts";
import { orWell, type Result, resultsOf } from "./result.ts";

const find = resultsOf("functions");

const Health = z.object({
  status: z.string(),
  reasons: z.array(z.object({ kind: z.string(), text: z.string() })),
});

/** `functionsUrl` ends in /functions/v1; `names` are the folders of supabase/functions. */
export async function checkFunctions(
  { functionsUrl, names, environment }: {
    functionsUrl: string;
    names: readonly string[];
    environment: Environment;
  },
): Promise<Result[]> {
  const results = await Promise.all(names.map(async (name) => {
    const url = `${functionsUrl}/${name}`;
    const stranger = judgeStranger(name, await ask(url, strangersRequest(name)));
    // Whoever does not start, or lets everybody in, cannot be asked for more.
    return stranger.length > 0 ? stranger : await checkKey(name, url, environment);
  }));
  const text = `${names.join(", ")} start, and refuse strangers`;
  return orWell(results.flat(), "functions", text);
}

function strangersRequest(name: string): RequestInit {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", body: "", headers: name === "twilio-webhook" ? form : {} };
}

function judgeStranger(name: string, answer: Answer | undefined): Result[] {
  if (!answer) {
    return [
      find("unasked", `${name} does not answer`, "see that its URL can be reached from here"),
    ];
  }
  const { status } = answer;
  if (status === 403 || status === 405) return [];
  if (status === 401) {
    const todo = "deploy it with this config.toml, which says verify_jwt = false";
    return [find("wrong", `${name} wants a user's JWT, which Twilio and pg_net do not have`, todo)];
  }
  if (status === 404) {
    return [find("wrong", `${name} is not there`, `supabase functions deploy ${name} --use-api`)];
  }
  if (status >= 500) {
    const todo = "read its logs: the first line names each setting that is missing";
    return [find("wrong", `${name} answers ${status}: it does not start`, todo)];
  }
  const todo = "deploy it anew: this is not what this version answers";
  return [find("wrong", `${name} answers a stranger with ${status}, not with 403`, todo)];
}

async function checkKey(name: string, url: string, environment: Environment): Promise<Result[]> {
  const setting = CALLER_KEYS[name];
  const key = setting && environment[setting];
  if (!key) return [];
  // GET does nothing anywhere: 405 is said only to those who may come in.
  const answer = await ask(name === "operations" ? `${url}/health` : url, {
    headers: { apikey: key },
  });
  if (answer?.status === 403) {
    const todo = `supabase secrets set --env-file <the file of settings>, or correct it there`;
    return [find("wrong", `${name} does not take ${setting} as it was given here`, todo)];
  }
  return name === "operations" ? judgeHealth(answer) : [];
}

function judgeHealth(answer: Answer | undefined): Result[] {
  const health = Health.safeParse(parsed(answer?.text ?? ""));
  if (!health.success) return [find("unasked", "operations does not tell the service's health")];
  return health.data.reasons.map(({ kind, text }) =>
    resultsOf("health")("wrong", text, `docs/runbook.md says what to do about ${kind}`)
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
