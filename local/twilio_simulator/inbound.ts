/** A customer writes: Twilio keeps the message, calls the webhook, and sends what it answers. */
import type { Delivery } from "./deliver_webhook.ts";
import { firstOf, inboundParameters, InboundRequest, mediaOf } from "./inbound_parameters.ts";
import { type Message, newMessage, newSid } from "./message.ts";
import { placeholder } from "./media_content.ts";
import { noteOptOut } from "./rules.ts";
import type { Simulation, Webhook } from "./simulation.ts";
import { MAX_CHARACTERS } from "./text_limit.ts";
import { readTwiml, type Reply } from "./twiml.ts";

/** What Twilio sent and what it saw; `response` is null when nothing was answered. */
export interface InboundResult extends Delivery {
  messageSid: string;
  parameters: Record<string, string | readonly string[]>;
  /** What the fallback URL answered, when there is one and it was asked. */
  fallback?: Delivery;
}

const TOO_LONG = { code: 21617, message: `a <Message> is over ${MAX_CHARACTERS} characters` };

/** Simulates one message. The MessageSid of an earlier one delivers that one again. */
export async function simulateInbound(
  simulation: Simulation,
  input: unknown,
): Promise<InboundResult> {
  const request = InboundRequest.parse(input);
  const message = keptMessage(simulation, request);
  const isDropped = !request.deliver || strikes(simulation, "drop");
  const delivery = isDropped
    ? undelivered("the webhook was dropped")
    : await callWebhook(simulation, message);
  simulation.log(
    `webhook ${message.sid}: ${delivery.response?.status ?? delivery.error?.message}`,
  );
  return {
    messageSid: message.sid,
    parameters: Object.fromEntries(message.parameters ?? []),
    ...delivery,
  };
}

function keptMessage(simulation: Simulation, request: InboundRequest): Message {
  const known = simulation.messages.get(firstOf(request.MessageSid as string | string[]) ?? "");
  if (known?.direction === "inbound") return known;
  const parameters = inboundParameters(request, simulation);
  const text = (name: string) => firstOf(parameters.get(name)) ?? "";
  const receivedAt = request.receivedAt ? new Date(request.receivedAt) : new Date();
  const isCut = (request.body?.length ?? 0) > text("Body").length;
  const message = newMessage({
    sid: text("MessageSid") || newSid("SM"),
    accountSid: simulation.accountSid,
    direction: "inbound",
    from: text("From"),
    to: text("To"),
    body: text("Body"),
    // Twilio marks what it had to cut as failed, but it delivered it.
    ...(isCut ? { status: "failed", errorCode: 21617 } : { status: "received" }),
    media: mediaOf(parameters, request.media),
    messagingServiceSid: text("MessagingServiceSid") || null,
    parameters,
    dateCreated: receivedAt,
    dateSent: receivedAt,
    dateUpdated: receivedAt,
  });
  simulation.messages.add(message);
  simulation.ownAddresses.add(message.to);
  noteOptOut(simulation, message);
  return message;
}

function strikes({ faults }: Simulation, fault: string): boolean {
  return faults.take("webhooks", (mode) => mode === fault) !== undefined;
}

function undelivered(message: string): Delivery {
  return { response: null, attempts: 0, error: { code: 0, message } };
}

/** Asks the webhook, and when Twilio cannot use its answer, the fallback. */
async function callWebhook(
  simulation: Simulation,
  message: Message,
): Promise<Delivery & { fallback?: Delivery }> {
  const { url, fallbackUrl } = calledFor(simulation.webhook);
  if (!url) return undelivered("no webhook is configured");
  const delivery = await requestTwiml(simulation, url, message);
  if (!delivery.error || fallbackUrl === null) return delivery;
  const parameters = new Map(message.parameters)
    .set("ErrorCode", String(delivery.error.code))
    .set("ErrorUrl", url);
  const fallback = await requestTwiml(simulation, fallbackUrl, { ...message, parameters });
  return { ...delivery, fallback };
}

/** What is called for a message: the service's URLs, unless it leaves that to the sender. */
function calledFor({ url, fallbackUrl, service }: Webhook) {
  if (service === null || service.useInboundWebhookOnNumber) return { url, fallbackUrl };
  return { url: service.inboundUrl, fallbackUrl: service.fallbackUrl };
}

/** Calls the URL and sends the messages it answers with. */
async function requestTwiml(
  simulation: Simulation,
  url: string,
  message: Message,
): Promise<Delivery> {
  const isUnreachable = () => strikes(simulation, "no_connection");
  const parameters = message.parameters ?? new Map();
  const delivery = await simulation.deliver(url, parameters, { isUnreachable });
  if (delivery.error || !delivery.response) return delivery;
  const { replies, error } = readTwiml(delivery.response);
  const short = replies.filter(({ body }) => body.length <= MAX_CHARACTERS);
  for (const reply of short) await simulation.send(outbound(simulation, message, reply));
  if (short.length < replies.length) return { ...delivery, error: TOO_LONG };
  return error ? { ...delivery, error } : delivery;
}

function outbound(simulation: Simulation, message: Message, reply: Reply): Message {
  const { accountSid, webhook } = simulation;
  const contentType = "image/png";
  return newMessage({
    accountSid,
    direction: "outbound-reply",
    from: reply.from ?? message.to,
    to: reply.to ?? message.from ?? "",
    body: reply.body,
    media: Array.from({ length: reply.mediaCount }, () => (
      { sid: newSid("ME"), contentType, content: placeholder(contentType) }
    )),
    statusCallback: reply.statusCallback ?? webhook.statusCallback,
  });
}
