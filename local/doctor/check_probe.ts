/** A webhook as Twilio would send it, on its way from the public URL to the database. */
import { newProbe } from "../../supabase/functions/_shared/twilio/probe.ts";
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { ask } from "./ask.ts";
import type { Patient } from "./installation.ts";
import { type Result, resultsOf } from "./result.ts";

const find = resultsOf("probe");

export interface Probed {
  /** As Twilio calls it, without its fragment. */
  webhookUrl: string;
  accountSid: string;
  authToken: string;
  database: Pick<Patient, "installation">;
}

/** Sends a signed probe, and looks whether it has reached the database. */
export async function checkProbe(
  { webhookUrl, accountSid, authToken, database }: Probed,
): Promise<Result[]> {
  const parameters = newProbe(accountSid);
  const answer = await ask(webhookUrl, {
    method: "POST",
    headers: { "x-twilio-signature": sign(authToken, webhookUrl, parameters) },
    body: new URLSearchParams(parameters),
  });
  if (!answer) return [find("unasked", `${webhookUrl} does not answer`, "see DNS and certificate")];
  if (answer.status === 403) {
    const todo =
      "set PUBLIC_FUNCTIONS_URL of the functions to what stands before /twilio-webhook, " +
      "and TWILIO_AUTH_TOKEN to the account's primary token";
    const text =
      `${webhookUrl} refuses what Twilio would sign: to the function it is another URL, ` +
      "or its auth token is another";
    return [find("wrong", text, todo)];
  }
  if (answer.status !== 200) {
    const todo = "see that nothing stands between, and read the function's logs";
    return [find("wrong", `${webhookUrl} answers a signed probe with ${answer.status}`, todo)];
  }
  const probeSid = parameters["MessageSid"] ?? "";
  const { probeReceivedAt } = await database.installation({ probeSid });
  if (probeReceivedAt === null) {
    const todo =
      "read the logs of twilio-webhook; deploy it anew when it is older than the database";
    return [find("wrong", "a signed probe was taken, and did not reach the database", todo)];
  }
  return [find("ok", `a probe signed for ${webhookUrl} came through, and nobody answered it`)];
}
