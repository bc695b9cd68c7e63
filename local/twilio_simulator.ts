/**
 * Twilio as far as this service meets it: signs and sends webhooks, serves the Messages API, reports
 * statuses, and fails on demand. In memory, on 127.0.0.1.
 */
import { Hono } from "hono";
import { deliverWebhook } from "./twilio_simulator/deliver_webhook.ts";
import { Faults } from "./twilio_simulator/faults.ts";
import { type InboundResult, simulateInbound } from "./twilio_simulator/inbound.ts";
import { serveCdn } from "./twilio_simulator/media_api.ts";
import type { Message } from "./twilio_simulator/message.ts";
import { messagingApi } from "./twilio_simulator/messaging_api.ts";
import { InMemoryMessageStore, type MessageStore } from "./twilio_simulator/message_store.ts";
import { Presence } from "./twilio_simulator/presence.ts";
import { NO_RULES, type Rules } from "./twilio_simulator/rules.ts";
import type { Simulation, Step, Webhook } from "./twilio_simulator/simulation.ts";
import { simulatorApi } from "./twilio_simulator/simulator_api.ts";
import { beginLife } from "./twilio_simulator/status_callbacks.ts";
import { answerError, twilioApi } from "./twilio_simulator/twilio_api.ts";
import { TwilioError } from "./twilio_simulator/twilio_error.ts";
import {
  outboundMessages,
  waitForOutbound,
  type Wanted,
} from "./twilio_simulator/wait_for_outbound.ts";

/** A customer who reads at once, in the time a test can wait for. */
const DEFAULT_LIFE: Step[] = [
  { status: "sent", afterMs: 20 },
  { status: "delivered", afterMs: 50 },
  { status: "read", afterMs: 100 },
];

export interface SimulatorOptions {
  /** 0 takes a free one. */
  port: number;
  accountSid: string;
  authToken: string;
  businessAddress: string;
  /** Further addresses that the account may send from. */
  otherAddresses?: string[];
  webhookUrl: string;
  fallbackUrl?: string;
  statusCallback?: string;
  /** The statuses after "queued", and the time before each. */
  life?: readonly Step[];
  protectMedia?: boolean;
  log?: (line: string) => void;
}

export interface TwilioSimulator {
  port: number;
  /** http://127.0.0.1:<port>: stands for https://api.twilio.com and https://messaging.twilio.com. */
  url: string;
  /** May be changed while it runs, as in Twilio's console. */
  webhook: Webhook;
  messages: MessageStore;
  faults: Faults;
  /** May be changed while it runs; same as POST /simulator/rules. */
  rules: Rules;
  /** Whose phones are offline; may be changed while it runs. */
  presence: Presence;
  /** Same as POST /simulator/inbound. */
  inbound(request: unknown): Promise<InboundResult>;
  /** All outbound messages, to one address if given, oldest first. */
  sent(to?: string): Message[];
  /** Serves further routes, after its own. */
  route(routes: Hono): void;
  /** Resolves when there are `count` outbound messages; rejects after `timeoutMs`. */
  waitForOutbound(wanted: Wanted): Promise<Message[]>;
  /** Closes every connection and ends every callback. */
  stop(): Promise<void>;
}

/** Starts it; resolves when it listens. */
export async function startTwilioSimulator(options: SimulatorOptions): Promise<TwilioSimulator> {
  const stopping = new AbortController();
  const client = Deno.createHttpClient({});
  const work = new Set<Promise<unknown>>();
  const simulation = simulate(options, { client, work, signal: stopping.signal });
  const further: Hono[] = [];
  let app = appOf(simulation, further);
  const server = await listen(options.port, simulation, (request) => app.fetch(request)).catch(
    (error) => {
      client.close();
      throw error;
    },
  );
  simulation.url = `http://127.0.0.1:${server.addr.port}`;
  return {
    port: server.addr.port,
    url: simulation.url,
    webhook: simulation.webhook,
    messages: simulation.messages,
    faults: simulation.faults,
    rules: simulation.rules,
    presence: simulation.presence,
    inbound: (request) => simulateInbound(simulation, request),
    sent: (to) => outboundMessages(simulation.messages, to),
    route(routes) {
      further.push(routes);
      // An app that has answered once takes no more routes.
      app = appOf(simulation, further);
    },
    waitForOutbound: (wanted) => waitForOutbound(simulation.messages, wanted),
    async stop() {
      stopping.abort();
      await Promise.allSettled(work);
      await server.finished;
      client.close();
    },
  };
}

interface Machinery {
  client: Deno.HttpClient;
  work: Set<Promise<unknown>>;
  signal: AbortSignal;
}

function simulate(options: SimulatorOptions, { client, work, signal }: Machinery): Simulation {
  const { accountSid, authToken, businessAddress, webhookUrl } = options;
  const simulation: Simulation = {
    accountSid,
    authToken,
    businessAddress,
    ownAddresses: new Set([businessAddress, ...options.otherAddresses ?? []]),
    protectMedia: options.protectMedia ?? false,
    life: options.life ?? DEFAULT_LIFE,
    webhook: {
      url: webhookUrl,
      method: "POST",
      fallbackUrl: options.fallbackUrl ?? null,
      fallbackMethod: "POST",
      statusCallback: options.statusCallback ?? null,
      service: null,
    },
    rules: { ...NO_RULES },
    optedOut: new Set(),
    presence: new Presence(),
    messages: new InMemoryMessageStore(),
    faults: new Faults(),
    signal,
    url: "",
    deliver: (url, parameters, options) =>
      deliverWebhook(url, parameters, { authToken, client, signal, ...options }),
    async send(message) {
      simulation.messages.add(message);
      await beginLife(simulation, message);
    },
    inBackground(promise) {
      const done = promise.catch((error) => simulation.log(`Cannot go on: ${error}`))
        .finally(() => work.delete(done));
      work.add(done);
    },
    log: options.log ?? (() => {}),
  };
  return simulation;
}

function appOf(simulation: Simulation, further: Hono[]): Hono {
  const app = new Hono();
  app.onError(answerError);
  app.notFound((context) => answerError(new TwilioError(20404, context.req.path), context));
  const own = [twilioApi(simulation), messagingApi(simulation), simulatorApi(simulation)];
  for (const routes of [...own, ...further]) app.route("/", routes);
  app.get("/cdn/:message/:media", (context) => serveCdn(simulation, context));
  return app;
}

async function listen(port: number, { signal }: Simulation, handler: Deno.ServeHandler) {
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  const onListen = () => resolve();
  const server = Deno.serve({ hostname: "127.0.0.1", port, signal, onListen }, handler);
  await listening;
  return server;
}
