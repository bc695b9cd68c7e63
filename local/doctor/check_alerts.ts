/** Whether an alert reaches somebody: one is sent that says it is a test. */
import type { Patient } from "./installation.ts";
import { type Result, resultsOf } from "./result.ts";

const find = resultsOf("alerts");

/** pg_net may pause for a second, and waits five for the receiver. Milliseconds. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 300;

export interface AlertWait {
  now: () => number;
  wait: (ms: number) => Promise<void>;
}

/** Sends a test alert, and waits for what its receiver answers. */
export async function checkAlerts(database: Patient, { now, wait }: AlertWait): Promise<Result[]> {
  const sent = await database.sendTestAlert();
  if (sent.outcome === "failed") {
    const todo = "put the URL in Vault as alert_url; docs/deploy.md says how";
    // Without a URL that was said of Vault.
    if (sent.errorCode === "SB002") return [];
    return [find("wrong", `a test alert could not leave (${sent.errorCode})`, todo)];
  }
  const until = now() + PATIENCE_MS;
  while (now() < until) {
    const { alertAnswer } = await database.installation({ alertRequestId: sent.requestId });
    if (alertAnswer) return [judge(alertAnswer)];
    await wait(PAUSE_MS);
  }
  const todo = "see that pg_net runs: select net.check_worker_is_up();";
  return [find("wrong", "a test alert was not sent: pg_net does not work", todo)];
}

function judge(
  { statusCode, errorCode }: { statusCode: number | null; errorCode: string | null },
): Result {
  const todo = "correct alert_url in Vault";
  if (statusCode === null) {
    return find("wrong", `the receiver of alerts did not answer (${errorCode})`, todo);
  }
  return statusCode >= 200 && statusCode < 300
    ? find("ok", "a test alert was delivered; it says that nothing is wrong")
    : find("wrong", `the receiver of alerts answered ${statusCode}`, todo);
}
