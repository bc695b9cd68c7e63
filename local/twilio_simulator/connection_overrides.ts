/**
 * Twilio's connection overrides: how a webhook is called, written into the URL's fragment, as in
 * `https://host/path#rc=3&rp=all`. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export interface Target {
  /** What is requested and signed: without fragment, user and password. */
  url: string;
  /** The Authorization header for a server that asks for it, if the URL names user and password. */
  authorization: string | undefined;
  connectTimeoutMs: number;
  readTimeoutMs: number;
  totalTimeoutMs: number;
  retries: number;
  /** Which failures are tried again. */
  retryOn: ReadonlySet<string>;
}

/** The target that a configured URL means; numbers outside Twilio's limits are brought inside. */
export function targetOf(configured: string): Target {
  const [url = "", fragment = ""] = configured.split("#", 2);
  const overrides = new URLSearchParams(fragment);
  const number = (key: string, lowest: number, highest: number, otherwise: number) => {
    const value = Number.parseInt(overrides.get(key) ?? "", 10);
    return Number.isNaN(value) ? otherwise : Math.min(Math.max(value, lowest), highest);
  };
  const rp = (overrides.get("rp") ?? "ct").split(",");
  return {
    ...withoutCredentials(url),
    connectTimeoutMs: number("ct", 100, 10_000, 5_000),
    readTimeoutMs: number("rt", 100, 15_000, 15_000),
    totalTimeoutMs: number("tt", 100, 15_000, 15_000),
    retries: number("rc", 0, 5, 1),
    retryOn: new Set(rp.includes("all") ? ["4xx", "5xx", "ct", "rt"] : rp),
  };
}

function withoutCredentials(url: string): Pick<Target, "url" | "authorization"> {
  const [, scheme, credentials, rest] = /^(https?:\/\/)([^/?#]*)@(.*)$/is.exec(url) ?? [];
  if (scheme === undefined || credentials === undefined) return { url, authorization: undefined };
  return {
    url: scheme + rest,
    authorization: `Basic ${btoa(decodeURIComponent(credentials))}`,
  };
}
