/**
 * `deno task sync -- --since 48h`: has the sync look that far back in Twilio's list, and says what it
 * found. Exit code 1 when it could not read all of it, 2 when it was not asked as it should be.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { RequestError } from "../supabase/functions/_shared/errors.ts";
import { httpUrl, readSettings } from "../supabase/functions/_shared/settings.ts";
import { parseSince } from "../supabase/functions/twilio-sync/sync_request.ts";
import { portsFrom, SYNC_KEY } from "./credentials.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { describeSync } from "./sync/describe_sync.ts";
import { readList, type SyncTarget } from "./sync/read_list.ts";
import { movedBasePort, readGiven } from "./task_environment.ts";

const HostedSettings = z.object({
  PROJECT_URL: httpUrl,
  SYNC_KEY: z.string("is missing: the key that Vault has as sync_key"),
});

async function main(): Promise<number> {
  const { since, target } = await readOptions();
  const result = await readList(target, since);
  say(describeSync(result, since));
  return result.isComplete ? 0 : 1;
}

/** Throws an Error that names what is wrong with the arguments or the settings. */
async function readOptions(): Promise<{ since: string; target: SyncTarget }> {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: { since: { type: "string" }, url: { type: "string" } },
  });
  const { since, url } = values;
  if (since === undefined) throw new Error("Cannot sync: say how far back, as in --since 48h");
  try {
    parseSince(since, new Date());
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new Error(
      `Cannot sync: --since is "${since}", neither 90m, 48h or 7d nor a past time such as ` +
        "2026-01-31T12:00:00Z; Twilio keeps messages for 400 days",
    );
  }
  return { since, target: await targetOf(url) };
}

/** The hosted project, or the local stack. */
async function targetOf(url: string | undefined): Promise<SyncTarget> {
  const given = await readGiven();
  if (url === undefined) {
    const { gateway } = portsFrom(movedBasePort());
    return { url: `http://127.0.0.1:${gateway}`, syncKey: given["SYNC_KEY"] ?? SYNC_KEY };
  }
  const { PROJECT_URL, SYNC_KEY: syncKey } = readSettings(HostedSettings, {
    ...given,
    PROJECT_URL: url,
  });
  return { url: PROJECT_URL, syncKey };
}

await runTask(main);
