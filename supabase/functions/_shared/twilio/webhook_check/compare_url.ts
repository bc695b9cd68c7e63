/** One configured URL beside the one it should be: what differs, in the words of the check. */
import type { Finding } from "./finding.ts";

/** A webhook that fails is tried three more times, whatever failed, within Twilio's 15 seconds. */
export const CONNECTION_OVERRIDES = "#rc=3&rp=all";
/** The failures after which a message is worth another try; "all" stands for these and 4xx. */
const WORTH_A_RETRY = ["5xx", "ct", "rt"];

type Difference = Pick<Finding, "level" | "code" | "problem">;

/**
 * The first thing that is wrong with a URL, or undefined when Twilio reaches us by it. Not
 * compared are the query, with which we are reached as well, and overrides, user and password,
 * which Twilio does not sign.
 */
export function compareUrl(configured: string, expected: string): Difference | undefined {
  const [found, ours] = [URL.parse(configured), new URL(expected)];
  if (!found) return wrong("other_url", `is no URL: ${configured}`);
  if (isSame(found, ours)) return undefined;
  const slashless = new URL(found);
  slashless.pathname = found.pathname.replace(/\/$/, "");
  if (isSame(slashless, ours)) {
    const problem = "ends in a slash: we take that too, what stands before us may not";
    return { level: "hint", code: "trailing_slash", problem };
  }
  slashless.protocol = ours.protocol;
  if (isSame(slashless, ours)) return ofScheme(found);
  return wrong("other_url", `is another URL than ours: ${withoutPassword(found)}`);
}

/** Whether a URL asks Twilio to try again after each kind of failure that costs a message. */
export function hasRetries(configured: string): boolean {
  const overrides = new URLSearchParams(configured.split("#", 2)[1] ?? "");
  const kinds = (overrides.get("rp") ?? "ct").split(",");
  const retries = Number(overrides.get("rc") ?? "1");
  return retries > 0 &&
    (kinds.includes("all") || WORTH_A_RETRY.every((kind) => kinds.includes(kind)));
}

function isSame(a: URL, b: URL): boolean {
  const path = ({ pathname }: URL) => pathname.replace(/^\/$/, "");
  return a.protocol === b.protocol && a.host === b.host && path(a) === path(b);
}

function ofScheme({ protocol }: URL): Difference {
  return protocol === "http:"
    ? wrong("http", "is http: messages travel in the clear, and their signature is not ours")
    : wrong("other_url", "is https, while our public URL is http: the signature is not ours");
}

function wrong(code: Finding["code"], problem: string): Difference {
  return { level: "wrong", code, problem };
}

function withoutPassword(url: URL): string {
  const shown = new URL(url);
  shown.password = "";
  return shown.href;
}
