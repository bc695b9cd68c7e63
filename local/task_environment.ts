/** Whom an operator's task asks: a hosted project, or the local stack. */
import { portsFrom } from "./credentials.ts";
import {
  type Environment,
  functionEnvironment,
  readOperatorSettings,
} from "./function_environment.ts";

const ENV_FILE = new URL("../supabase/functions/.env", import.meta.url);

/** What the process' environment says, and `file`, or supabase/functions/.env, where that is silent. */
export async function readGiven(file: string | URL = ENV_FILE): Promise<Environment> {
  return await readOperatorSettings(file);
}

/** The base port of the local stack when SWITCHBOARD_PORT moves it. */
export function movedBasePort(): number | undefined {
  return Number(Deno.env.get("SWITCHBOARD_PORT")) || undefined;
}

/**
 * With `projectUrl` (https://….supabase.co) that project, by the credentials and the public URL given;
 * else the local stack at `basePort`, whose credentials and URLs what is given replaces.
 */
export function taskEnvironment(
  given: Environment,
  { projectUrl, basePort }: { projectUrl?: string | undefined; basePort?: number | undefined },
): Environment {
  if (projectUrl !== undefined) return { ...given, SUPABASE_URL: projectUrl };
  const { gateway, twilio, openai } = portsFrom(basePort);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return functionEnvironment(
    { gateway: at(gateway), twilio: at(twilio), openai: `${at(openai)}/v1` },
    given,
  );
}
