/**
 * Twilio's second API, which stands at https://messaging.twilio.com: what is configured at the
 * WhatsApp senders and at their Messaging Service, to read and to change.
 */
import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  changeSender,
  changeService,
  channelSenderResource,
  senderResource,
  senderSid,
  serviceResource,
} from "./messaging_resources.ts";
import { pageOf } from "./paging.ts";
import type { MessagingService, Simulation } from "./simulation.ts";
import { expectedAuthorization } from "./twilio_api.ts";
import { TwilioError } from "./twilio_error.ts";

const SenderChange = z.object({
  webhook: z.record(z.string(), z.string().nullable()).optional(),
});

/** The routes, to be mounted at "/". */
export function messagingApi(simulation: Simulation): Hono {
  const app = new Hono();
  const authorization = expectedAuthorization(simulation);
  for (const path of ["/v1/*", "/v2/*"]) {
    app.use(path, async (context, next) => {
      if (context.req.header("Authorization") !== authorization) throw new TwilioError(20003);
      await next();
    });
  }
  addSenderRoutes(app, simulation);
  addServiceRoutes(app, simulation);
  return app;
}

function addSenderRoutes(app: Hono, simulation: Simulation): void {
  const requested = (context: Context): string => {
    const sid = context.req.param("sid");
    const address = senders(simulation).find((each) => senderSid(each, simulation) === sid);
    if (address === undefined) throw new TwilioError(20404, context.req.path);
    return address;
  };
  app.get("/v2/Channels/Senders", (context) => {
    const channel = context.req.query("Channel");
    if (!channel) throw new TwilioError(20001, "Channel is missing");
    const found = channel === "whatsapp" ? senders(simulation) : [];
    const all = found.map((address) => senderResource(address, simulation));
    return listed(context, simulation, { key: "senders", all });
  });
  app.get("/v2/Channels/Senders/:sid", (context) => {
    return context.json(senderResource(requested(context), simulation));
  });
  app.post("/v2/Channels/Senders/:sid", async (context) => {
    const address = requested(context);
    const { data } = SenderChange.safeParse(await context.req.json().catch(() => undefined));
    if (!data) throw new TwilioError(20001, "webhook");
    changeSender(simulation.webhook, data.webhook ?? {});
    return context.json(senderResource(address, simulation), 202);
  });
}

function addServiceRoutes(app: Hono, simulation: Simulation): void {
  const requested = (context: Context): MessagingService => {
    const { service } = simulation.webhook;
    if (service?.sid !== context.req.param("sid")) throw new TwilioError(20404, context.req.path);
    return service as MessagingService;
  };
  app.get("/v1/Services", (context) => {
    const { service } = simulation.webhook;
    const all = service ? [serviceResource(service, simulation)] : [];
    return listed(context, simulation, { key: "services", all });
  });
  app.get("/v1/Services/:sid", (context) => {
    return context.json(serviceResource(requested(context), simulation));
  });
  app.post("/v1/Services/:sid", async (context) => {
    const service = requested(context);
    changeService(service, new URLSearchParams(await context.req.text()));
    return context.json(serviceResource(service, simulation));
  });
  app.get("/v1/Services/:sid/ChannelSenders", (context) => {
    const service = requested(context);
    const all = senders(simulation).map((address) =>
      channelSenderResource(address, service, simulation)
    );
    return listed(context, simulation, { key: "senders", all });
  });
}

/** The account's WhatsApp senders; they share one configuration, and the service when there is one. */
function senders({ ownAddresses }: Simulation): string[] {
  return [...ownAddresses].filter((address) => address.startsWith("whatsapp:"));
}

/** One page, in the envelope that Twilio's newer APIs have: `meta`, with absolute URLs. */
function listed(
  context: Context,
  { url }: Simulation,
  { key, all }: { key: string; all: { sid: string }[] },
): Response {
  const { envelope, items } = pageOf(new URL(context.req.url), all);
  const absolute = (uri: unknown) => uri === null ? null : `${url}${uri}`;
  const meta = {
    page: envelope.page,
    page_size: envelope.page_size,
    first_page_url: absolute(envelope.first_page_uri),
    previous_page_url: absolute(envelope.previous_page_uri),
    url: absolute(envelope.uri),
    next_page_url: absolute(envelope.next_page_uri),
    key,
  };
  return context.json({ [key]: items, meta });
}
