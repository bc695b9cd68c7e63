/** Twilio's REST API for messages, under /2010-04-01/Accounts/{Sid}. */
import { Buffer } from "node:buffer";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { createMessage } from "./create_message.ts";
import { faulty } from "./fault_middleware.ts";
import { valueOf } from "./faults.ts";
import { refusalFor } from "./magic_numbers.ts";
import { addMediaRoutes } from "./media_api.ts";
import { type Message, messageResource, newSid } from "./message.ts";
import { messageFilter } from "./message_filter.ts";
import { pageOf } from "./paging.ts";
import type { Simulation } from "./simulation.ts";
import { TwilioError } from "./twilio_error.ts";

/** The routes, to be mounted at "/". */
export function twilioApi(simulation: Simulation): Hono {
  const app = new Hono().basePath("/2010-04-01/Accounts/:accountSid");
  app.use(describe, authenticate(simulation));
  app.post(
    "/Messages.json",
    faulty(simulation, "twilio"),
    (context) => create(simulation, context),
  );
  app.use(faultyReads(simulation));
  app.get("/Messages.json", (context) => list(simulation, context));
  app.get("/Messages/:file{[^/]+\\.json}", (context) => {
    return context.json(messageResource(requestedMessage(simulation, context)));
  });
  app.post("/Messages/:file{[^/]+\\.json}", (context) => change(simulation, context));
  app.delete("/Messages/:file{[^/]+\\.json}", (context) => {
    simulation.messages.remove(requestedMessage(simulation, context).sid);
    return context.body(null, 204);
  });
  addMediaRoutes(app, simulation);
  return app;
}

/** Twilio's refusal as its answer; other errors are the simulator's own and stay visible as 500. */
export function answerError(error: Error, context: Context): Response {
  const refusal = error instanceof TwilioError ? error : new TwilioError(20500, error.message);
  if (refusal.code === 20003) context.header("WWW-Authenticate", 'Basic realm="Twilio API"');
  return context.json(refusal.body, refusal.status as 400);
}

/** The Authorization header that opens the account. */
export function expectedAuthorization({ accountSid, authToken }: Simulation): string {
  return `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
}

const describe: MiddlewareHandler = async (context, next) => {
  const started = performance.now();
  await next();
  const seconds = (performance.now() - started) / 1000;
  context.header("Twilio-Request-Id", newSid("RQ"));
  context.header("Twilio-Concurrent-Requests", "1");
  context.header("Twilio-Request-Duration", seconds.toFixed(3));
  context.header("X-Home-Region", "us1");
};

function authenticate(simulation: Simulation): MiddlewareHandler {
  const { accountSid, protectMedia } = simulation;
  const expected = expectedAuthorization(simulation);
  return async (context, next) => {
    const given = context.req.header("Authorization");
    const isContent = !context.req.path.endsWith(".json");
    const isOpen = isContent && !protectMedia && given === undefined;
    const isAccount = context.req.param("accountSid") === accountSid;
    if (!isOpen && (given !== expected || !isAccount)) throw new TwilioError(20003);
    await next();
  };
}

function faultyReads(simulation: Simulation): MiddlewareHandler {
  const fail = faulty(simulation, "twilio_list");
  return (context, next) => context.req.method === "GET" ? fail(context, next) : next();
}

async function create(simulation: Simulation, context: Context): Promise<Response> {
  const form = new URLSearchParams(await context.req.text());
  const { statusCallback } = simulation.webhook;
  const message = createMessage(form, { ...simulation, statusCallback });
  const refusal = refusalOf(simulation, message);
  if (refusal !== null) throw new TwilioError(refusal);
  await simulation.send(message);
  simulation.log(`created ${message.sid}`);
  return context.json(messageResource(message), 201);
}

/** Why a message is refused at once: for a Messaging Service, who opted out is found out later. */
function refusalOf({ optedOut }: Simulation, { to, messagingServiceSid }: Message): number | null {
  if (optedOut.has(to) && messagingServiceSid === null) return 21610;
  return refusalFor(to);
}

function list(simulation: Simulation, context: Context): Response {
  const url = new URL(context.req.url);
  const lag = simulation.faults.take("twilio_list", (mode) => mode.startsWith("lag:"));
  const latest = lag ? Date.now() - valueOf(lag) : Infinity;
  const isListed = messageFilter(url.searchParams);
  const messages = simulation.messages.newestFirst()
    .filter((message) => message.dateCreated.getTime() <= latest && isListed(message));
  const { envelope, items } = pageOf(url, messages);
  return context.json({ ...envelope, messages: items.map(messageResource) });
}

/** An empty Body redacts the text; Status=canceled cancels a scheduled message. */
async function change(simulation: Simulation, context: Context): Promise<Response> {
  const { sid, status } = requestedMessage(simulation, context);
  const form = new URLSearchParams(await context.req.text());
  if (form.get("Body")) throw new TwilioError(20001, "Body can only be emptied");
  if (form.has("Status") && status !== "scheduled") throw new TwilioError(30409);
  const changed = simulation.messages.update(sid, {
    ...(form.has("Body") ? { body: "" } : {}),
    ...(form.has("Status") ? { status: "canceled" } : {}),
  });
  return context.json(messageResource(changed as Message));
}

function requestedMessage({ messages }: Simulation, context: Context): Message {
  const message = messages.get(context.req.param("file")?.replace(/\.json$/, "") ?? "");
  if (!message) throw new TwilioError(20404, context.req.path);
  return message;
}
