/** What a customer wrote, as the parameters of Twilio's webhook: those that captures show. */
import { z } from "zod";
import { fromBase64, placeholder } from "./media_content.ts";
import { API_VERSION, type Media, messagePath, newSid } from "./message.ts";
import type { Webhook } from "./simulation.ts";
import { MAX_CHARACTERS } from "./text_limit.ts";

/** Body of `POST /simulator/inbound`. Every other key is a parameter of the webhook; null: none. */
export const InboundRequest = z.looseObject({
  /** `+5511…`, `whatsapp:+5511…`, a BSUID as `BR.…`. */
  from: z.string().optional(),
  /** Another business number than the configured one. */
  to: z.string().optional(),
  body: z.string().optional(),
  channel: z.enum(["whatsapp", "sms"]).default("whatsapp"),
  media: z.array(z.object({ contentType: z.string(), base64: z.string().optional() })).default([]),
  /** False: Twilio has the message, its webhook never comes. */
  deliver: z.boolean().default(true),
  /** When Twilio received it, if not now. */
  receivedAt: z.iso.datetime().optional(),
}).refine(
  (request) => request.from !== undefined || "From" in request,
  "Cannot simulate a message: from is missing",
);
export type InboundRequest = z.infer<typeof InboundRequest>;

export type InboundParameters = Map<string, string | string[]>;

export interface Account {
  accountSid: string;
  businessAddress: string;
  /** With the Messaging Service in front, if there is one. */
  webhook: Pick<Webhook, "service">;
  /** Where this simulator listens, for the URLs of media. */
  url: string;
}

/** The parameters in the order of Twilio's captures; a given null leaves a parameter out. */
export function inboundParameters(request: InboundRequest, account: Account): InboundParameters {
  const given = givenParameters(request);
  const text = (name: string, otherwise: string) => firstOf(given.get(name)) ?? otherwise;
  const mediaCount = Number(text("NumMedia", String(mediaIn(given, request))));
  const sid = text("MessageSid", newSid(mediaCount > 0 ? "MM" : "SM"));
  const parameters: InboundParameters = new Map<string, string | string[]>([
    ["SmsMessageSid", sid],
    ["NumMedia", String(mediaCount)],
    ["SmsSid", sid],
    ["SmsStatus", "received"],
    ["Body", truncated(request.body ?? "")],
    ["To", address(request.to ?? account.businessAddress, request.channel)],
    ["NumSegments", "1"],
    ["MessageSid", sid],
    ["AccountSid", account.accountSid],
    ["From", address(request.from ?? "", request.channel)],
    ["ApiVersion", API_VERSION],
  ]);
  if (account.webhook.service) parameters.set("MessagingServiceSid", account.webhook.service.sid);
  if (request.channel === "whatsapp") addWhatsapp(parameters, text, typeOf(given, request));
  for (let index = 0; index < mediaCount; index++) {
    const path = messagePath({ accountSid: account.accountSid, sid });
    const contentType = request.media[index]?.contentType ?? "image/jpeg";
    parameters.set(`MediaContentType${index}`, contentType);
    parameters.set(`MediaUrl${index}`, `${account.url}${path}/Media/${newSid("ME")}`);
  }
  for (const [name, value] of given) parameters.set(name, value);
  for (const name of leftOut(request)) parameters.delete(name);
  return parameters;
}

/** The media that these parameters name, with what shall be fetched for them. */
export function mediaOf(parameters: InboundParameters, given: InboundRequest["media"]): Media[] {
  const count = Number(firstOf(parameters.get("NumMedia")) ?? 0) || 0;
  return Array.from({ length: count }, (_, index) => {
    const contentType = firstOf(parameters.get(`MediaContentType${index}`)) ?? "";
    const url = firstOf(parameters.get(`MediaUrl${index}`)) ?? "";
    const base64 = given[index]?.base64;
    return {
      sid: /ME[0-9a-fA-F]{32}$/.exec(url)?.[0] ?? newSid("ME"),
      contentType,
      content: base64 === undefined ? placeholder(contentType) : fromBase64(base64),
    };
  });
}

/** The value of a parameter; of a repeated one the first. */
export function firstOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

function givenParameters(request: InboundRequest): InboundParameters {
  const own = Object.keys(InboundRequest.shape);
  const others = Object.entries(request).filter(([name, value]) =>
    !own.includes(name) && value !== null && value !== undefined
  );
  return new Map(
    others.map(([name, value]) => [name, Array.isArray(value) ? value.map(asText) : asText(value)]),
  );
}

function leftOut(request: InboundRequest): string[] {
  return Object.entries(request).filter(([, value]) => value === null).map(([name]) => name);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function mediaIn(given: InboundParameters, request: InboundRequest): number {
  const named = [...given.keys()].filter((name) => /^MediaContentType\d+$/.test(name)).length;
  return Math.max(named, request.media.length);
}

function addWhatsapp(
  parameters: InboundParameters,
  text: (name: string, otherwise: string) => string,
  messageType: string,
): void {
  const from = text("From", firstOf(parameters.get("From")) ?? "");
  const phone = /^whatsapp:\+(\d+)$/.exec(from)?.[1];
  const profileName = text("ProfileName", "Simulated Customer");
  const context: Record<string, string> = { ProfileName: profileName };
  parameters.set("ProfileName", profileName);
  parameters.set("MessageType", messageType);
  parameters.set("ReferralNumMedia", "0");
  // Without a phone number the BSUID stands in From too; Twilio does not say what WaId is then.
  if (phone === undefined) parameters.set("ExternalUserId", from);
  else parameters.set("WaId", context.WaId = text("WaId", phone));
  parameters.set("ChannelMetadata", JSON.stringify({ type: "whatsapp", data: { context } }));
}

function typeOf(given: InboundParameters, request: InboundRequest): string {
  if (given.has("Latitude")) return "location";
  if (given.has("ButtonPayload") || given.has("ButtonText")) return "button";
  const media = firstOf(given.get("MediaContentType0")) ?? request.media[0]?.contentType;
  if (media === undefined) return "text";
  if (media === "text/vcard") return "contacts";
  return /^(image|audio|video)\//.exec(media)?.[1] ?? "document";
}

function address(text: string, channel: InboundRequest["channel"]): string {
  const bare = text.replace(/^(whatsapp|sms):/, "");
  return channel === "sms" || bare === "" ? bare : `whatsapp:${bare}`;
}

/** Twilio cuts what is longer; never inside a character here. */
function truncated(body: string): string {
  return body.slice(0, MAX_CHARACTERS).replace(/[\ud800-\udbff]$/, "");
}
