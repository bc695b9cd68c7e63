/** The media of messages: their list, their descriptions, and their content behind a redirect. */
import type { Context, Hono } from "hono";
import { type Media, mediaResource, type Message } from "./message.ts";
import { pageOf } from "./paging.ts";
import { isMediaReady } from "./rules.ts";
import type { Simulation } from "./simulation.ts";
import { TwilioError } from "./twilio_error.ts";

/** Adds the routes below a message. */
export function addMediaRoutes(app: Hono, simulation: Simulation): void {
  app.get("/Messages/:message/Media.json", (context) => {
    const message = requested(simulation, context);
    const { envelope, items } = pageOf(new URL(context.req.url), message.media);
    const media_list = items.map((media) => mediaResource(message, media));
    return context.json({ ...envelope, media_list });
  });
  app.get("/Messages/:message/Media/:file{[^/]+\\.json}", (context) => {
    const { message, media } = requestedMedia(simulation, context);
    return context.json(mediaResource(message, media));
  });
  app.delete("/Messages/:message/Media/:file{[^/]+\\.json}", (context) => {
    const { message, media } = requestedMedia(simulation, context);
    const others = message.media.filter(({ sid }) => sid !== media.sid);
    simulation.messages.update(message.sid, { media: others });
    return context.body(null, 204);
  });
  app.get("/Messages/:message/Media/:file", (context) => {
    const { message, media } = requestedMedia(simulation, context);
    if (!isMediaReady(simulation, message)) throw new TwilioError(20404, context.req.path);
    return context.redirect(`${simulation.url}/cdn/${message.sid}/${media.sid}`, 307);
  });
}

/** Where Twilio's redirects lead: a content delivery network, which asks for no authorization. */
export function serveCdn(simulation: Simulation, context: Context): Response {
  const message = simulation.messages.get(context.req.param("message") ?? "");
  const media = message?.media.find(({ sid }) => sid === context.req.param("media"));
  if (!media) return context.text("Not Found", 404);
  return context.body(media.content, 200, { "Content-Type": media.contentType });
}

function requested({ messages }: Simulation, context: Context): Message {
  const message = messages.get(context.req.param("message") ?? "");
  if (!message) throw new TwilioError(20404, context.req.path);
  return message;
}

function requestedMedia(
  simulation: Simulation,
  context: Context,
): { message: Message; media: Media } {
  const message = requested(simulation, context);
  const wanted = context.req.param("file")?.replace(/\.json$/, "");
  const media = message.media.find(({ sid }) => sid === wanted);
  if (!media) throw new TwilioError(20404, context.req.path);
  return { message, media };
}
