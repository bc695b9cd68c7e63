/** The resources of messaging.twilio.com: a WhatsApp sender, a Messaging Service, and who is in it. */
import type { MessagingService, Simulation, Webhook } from "./simulation.ts";

type Resource = Record<string, unknown> & { sid: string };

/** When the account was set up. */
const DATE = "2026-01-01T00:00:00Z";

/** Twilio's id of a sender; that of the configured one also stands in status callbacks. */
export function senderSid(address: string, { accountSid, businessAddress }: Simulation): string {
  if (address === businessAddress) return `XE${accountSid.slice(2)}`;
  return `XE${address.replace(/\D/g, "").padStart(32, "0")}`;
}

/** The Sender resource (schema messaging.v2.channels_sender_response). */
export function senderResource(address: string, simulation: Simulation): Resource {
  const sid = senderSid(address, simulation);
  const { webhook } = simulation;
  return {
    sid,
    status: "ONLINE",
    sender_id: address,
    configuration: { waba_id: "1234567890" },
    webhook: {
      callback_url: webhook.url || null,
      callback_method: webhook.method,
      fallback_url: webhook.fallbackUrl,
      fallback_method: webhook.fallbackMethod,
      status_callback_url: webhook.statusCallback,
      status_callback_method: "POST",
    },
    profile: { name: "Simulated Business" },
    properties: { quality_rating: "HIGH", messaging_limit: "10K Customers/24hr" },
    offline_reasons: null,
    compliance: null,
    url: `${simulation.url}/v2/Channels/Senders/${sid}`,
  };
}

/** Takes over what an update names, each by its name in the resource. */
export function changeSender(webhook: Webhook, change: Record<string, string | null>): void {
  const given = (name: string, before: string | null) => {
    const value = change[name];
    return value === undefined ? before : value || null;
  };
  webhook.url = given("callback_url", webhook.url) ?? "";
  webhook.method = given("callback_method", webhook.method) ?? "POST";
  webhook.fallbackUrl = given("fallback_url", webhook.fallbackUrl);
  webhook.fallbackMethod = given("fallback_method", webhook.fallbackMethod) ?? "POST";
  webhook.statusCallback = given("status_callback_url", webhook.statusCallback);
}

/** The Service resource (schema messaging.v1.service). */
export function serviceResource(
  service: MessagingService,
  { accountSid, url }: Simulation,
): Resource {
  return {
    account_sid: accountSid,
    sid: service.sid,
    date_created: DATE,
    date_updated: DATE,
    friendly_name: service.name,
    inbound_request_url: service.inboundUrl,
    inbound_method: service.inboundMethod,
    fallback_url: service.fallbackUrl,
    fallback_method: service.fallbackMethod,
    status_callback: service.statusCallback,
    use_inbound_webhook_on_number: service.useInboundWebhookOnNumber,
    sticky_sender: true,
    mms_converter: true,
    smart_encoding: false,
    fallback_to_long_code: false,
    area_code_geomatch: true,
    validity_period: 36_000,
    scan_message_content: "inherit",
    synchronous_validation: false,
    usecase: "undeclared",
    us_app_to_person_registered: false,
    links: { channel_senders: `${url}/v1/Services/${service.sid}/ChannelSenders` },
    url: `${url}/v1/Services/${service.sid}`,
  };
}

/** Takes over what an update's form names; an empty URL takes one away. */
export function changeService(service: MessagingService, form: URLSearchParams): void {
  const given = (name: string, before: string | null) =>
    form.has(name) ? form.get(name) || null : before;
  service.inboundUrl = given("InboundRequestUrl", service.inboundUrl);
  service.inboundMethod = given("InboundMethod", service.inboundMethod) ?? "POST";
  service.fallbackUrl = given("FallbackUrl", service.fallbackUrl);
  service.fallbackMethod = given("FallbackMethod", service.fallbackMethod) ?? "POST";
  service.statusCallback = given("StatusCallback", service.statusCallback);
  const usesSenders = form.get("UseInboundWebhookOnNumber");
  if (usesSenders !== null) service.useInboundWebhookOnNumber = usesSenders === "true";
}

/** A sender as a member of a service (schema messaging.v1.service.channel_sender). */
export function channelSenderResource(
  address: string,
  service: MessagingService,
  simulation: Simulation,
): Resource {
  const sid = senderSid(address, simulation);
  return {
    account_sid: simulation.accountSid,
    messaging_service_sid: service.sid,
    sid,
    sender: address,
    sender_type: "WhatsApp",
    country_code: "US",
    date_created: DATE,
    date_updated: DATE,
    url: `${simulation.url}/v1/Services/${service.sid}/ChannelSenders/${sid}`,
  };
}
