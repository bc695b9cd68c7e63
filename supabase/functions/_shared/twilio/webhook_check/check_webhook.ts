/** What Twilio has configured beside what this service needs: a list of what is wrong. */
import { compareUrl, CONNECTION_OVERRIDES, hasRetries } from "./compare_url.ts";
import type { ConfiguredWebhooks, Finding, ServiceSource, WebhookSource } from "./finding.ts";

export interface Expected {
  /** The URL of our webhook as the public sees it, without a slash at its end. */
  url: string;
}

/** The names of one source's fields in Twilio's API. */
interface Fields {
  url: string;
  method: string;
  fallbackUrl: string;
  fallbackMethod: string;
  statusCallback: string;
}

const SENDER_FIELDS: Fields = {
  url: "webhook.callback_url",
  method: "webhook.callback_method",
  fallbackUrl: "webhook.fallback_url",
  fallbackMethod: "webhook.fallback_method",
  statusCallback: "webhook.status_callback_url",
};
const SERVICE_FIELDS: Fields = {
  url: "inbound_request_url",
  method: "inbound_method",
  fallbackUrl: "fallback_url",
  fallbackMethod: "fallback_method",
  statusCallback: "status_callback",
};

/** Everything that is wrong or could be better; empty when all is well. */
export function checkWebhook(found: ConfiguredWebhooks, expected: Expected): Finding[] {
  return [
    ...checkPublicUrl(expected),
    ...checkSomebodyIsThere(found),
    ...found.services.flatMap((service) => checkService(service, expected)),
    ...found.senders.flatMap((sender) => checkSender(sender, { found, expected })),
  ];
}

function checkPublicUrl({ url }: Expected): Finding[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return [];
  const problem = "is http: Twilio must not carry messages in the clear";
  const set = url.replace(/^http:/, "https:").replace(/\/twilio-webhook$/, "");
  return [{
    ...{ level: "wrong", code: "public_url_http", source: "settings" },
    ...{ field: "PUBLIC_FUNCTIONS_URL", problem, set },
  }];
}

function checkSomebodyIsThere({ senders, services }: ConfiguredWebhooks): Finding[] {
  if (senders.length + services.length > 0) return [];
  const problem = "has no such WhatsApp sender. Twilio's sandbox is none: its URL stands in the " +
    'Console alone, under "When a message comes in"';
  return [{
    ...{ level: "wrong", code: "no_sender", source: "account", field: "senders", problem },
    set: null,
  }];
}

function checkService(service: ServiceSource, expected: Expected): Finding[] {
  if (service.usesSenderWebhooks) return [];
  if (service.url === null) {
    return [wrong(service, {
      code: "receiving_disabled",
      field: SERVICE_FIELDS.url,
      problem: "is empty: receiving is disabled, and messages to its senders are lost",
      set: expected.url + CONNECTION_OVERRIDES,
    })];
  }
  return checkSource(service, expected, SERVICE_FIELDS);
}

function checkSender(
  sender: WebhookSource,
  { found, expected }: { found: ConfiguredWebhooks; expected: Expected },
): Finding[] {
  const inFront = found.services.find(({ senders, usesSenderWebhooks }) =>
    senders.includes(sender.name) && !usesSenderWebhooks
  );
  // The service's URL is the one that is called; what it lacks was said of the service.
  if (inFront && sender.url === null) return [];
  const isDouble = inFront?.url && sender.url &&
    [inFront.url, sender.url].every((url) => compareUrl(url, expected.url)?.level !== "wrong");
  return [
    ...(isDouble ? [calledTwice(sender, inFront)] : []),
    ...checkSource(sender, expected, SENDER_FIELDS),
  ];
}

function calledTwice(sender: WebhookSource, service: ServiceSource): Finding {
  return wrong(sender, {
    code: "called_twice",
    field: SENDER_FIELDS.url,
    problem: `is ours, and so is that of ${service.name}: messages can come twice. They are ` +
      `stored once, but leave one of the two: empty this one, or set the service's ` +
      `use_inbound_webhook_on_number to true`,
    set: null,
  });
}

function checkSource(source: WebhookSource, expected: Expected, fields: Fields): Finding[] {
  return [
    ...checkUrl(source, expected, fields),
    ...checkMethod(source, source.method, fields.method),
    ...checkFallback(source, expected, fields),
    ...checkStatusCallback(source, expected, fields),
  ];
}

function checkUrl(source: WebhookSource, expected: Expected, fields: Fields): Finding[] {
  const at = { field: fields.url, set: expected.url + CONNECTION_OVERRIDES };
  if (source.url === null) {
    const problem = "is empty: Twilio tells nobody of the messages that come";
    return [wrong(source, { ...at, code: "url_missing", problem })];
  }
  const difference = compareUrl(source.url, expected.url);
  const differing = difference ? [{ source: source.name, ...at, ...difference }] : [];
  if (difference?.level === "wrong" || hasRetries(source.url)) return differing;
  const problem = "lacks connection overrides: after an answer of 5xx or a time-out Twilio does " +
    "not try again";
  return [...differing, wrong(source, { ...at, code: "overrides_missing", problem })];
}

function checkMethod(source: WebhookSource, method: string | null, field: string): Finding[] {
  if (method === null || method.toUpperCase() === "POST") return [];
  const problem = `is ${method}: we take POST alone, and answer 405`;
  return [wrong(source, { code: "method", field, problem, set: "POST" })];
}

function checkFallback(source: WebhookSource, expected: Expected, fields: Fields): Finding[] {
  const at = { field: fields.fallbackUrl, set: expected.url + CONNECTION_OVERRIDES };
  if (source.fallbackUrl === null) {
    const problem = "is empty: with our own URL, Twilio asks once more when all tries failed";
    return [hint(source, { ...at, code: "fallback_missing", problem })];
  }
  const difference = compareUrl(source.fallbackUrl, expected.url);
  return [
    ...(difference ? [{ source: source.name, ...at, ...difference }] : []),
    ...checkMethod(source, source.fallbackMethod, fields.fallbackMethod),
  ];
}

function checkStatusCallback(source: WebhookSource, { url }: Expected, fields: Fields): Finding[] {
  const set = `${url}/status`;
  const at = { code: "status_callback", field: fields.statusCallback, set } as const;
  if (source.statusCallback === null) {
    const problem = "is empty: each message of ours names its own; those that others send do not";
    return [hint(source, { ...at, problem })];
  }
  const difference = compareUrl(source.statusCallback, set);
  if (!difference) return [];
  const problem = `${difference.problem}. Each message of ours names its own, so none is lost`;
  return [hint(source, { ...at, problem })];
}

function wrong({ name }: WebhookSource, about: Omit<Finding, "level" | "source">): Finding {
  return { level: "wrong", source: name, ...about };
}

function hint({ name }: WebhookSource, about: Omit<Finding, "level" | "source">): Finding {
  return { level: "hint", source: name, ...about };
}
