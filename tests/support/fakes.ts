/** Stand-ins for what the functions are wired to: a clock that tests move, and reports kept in a list. */
import type { Event } from "../../supabase/functions/_shared/events.ts";
import type { WebhookDeps } from "../../supabase/functions/twilio-webhook/deps.ts";
import type { Agent, Reply } from "../../supabase/functions/orchestrator/agents/agent.ts";
import type { OrchestratorDeps } from "../../supabase/functions/orchestrator/deps.ts";
import type { SyncAppDeps } from "../../supabase/functions/twilio-sync/app.ts";
import { ACCOUNT_SID, AUTH_TOKEN, messageSid } from "./factories.ts";
import { type FakeSyncDatabase, fakeSyncDatabase } from "./fake_sync_database.ts";
import { type FakeTwilio, fakeTwilio } from "./fake_twilio.ts";
import { createFakeDatabase, type FakeDatabase } from "./fake_database.ts";

export const FUNCTIONS_URL = "https://abcdefghijklmnopqrst.supabase.co/functions/v1";
export const ORCHESTRATOR_KEY = "the key of the orchestrator";
export const SYNC_KEY = "the key of the sync";
export const OPERATIONS_KEY = "the key of the operators";

export interface FakeWebhookDeps extends WebhookDeps {
  database: FakeDatabase;
  clock: FakeClock;
  events: Event[];
}

/** What the webhook works with; `settings` changes some of its settings. */
export function webhookDeps(settings: Partial<WebhookDeps["settings"]> = {}): FakeWebhookDeps {
  const events: Event[] = [];
  const clock = fakeClock();
  return {
    settings: {
      supabaseUrl: "https://abcdefghijklmnopqrst.supabase.co",
      supabaseKey: "a secret key",
      publicFunctionsUrl: FUNCTIONS_URL,
      twilioAccountSid: ACCOUNT_SID,
      twilioAuthToken: AUTH_TOKEN,
      twilioAuthTokens: [AUTH_TOKEN],
      twilioApiUrl: "https://api.twilio.com",
      acknowledgementText: undefined,
      apologyText: undefined,
      ...settings,
    },
    database: createFakeDatabase({ now: clock.now }),
    report: (event) => events.push(event),
    ...{ clock, events },
    now: clock.now,
    wait: clock.wait,
  };
}

/** A clock that stands still until somebody waits, which takes no time. */
export interface FakeClock {
  now: () => number;
  wait: (ms: number) => Promise<void>;
  /** Lets this many milliseconds pass. */
  pass: (ms: number) => void;
  /** How long each wait was, in milliseconds. */
  waits: number[];
}

/** A clock that starts at 1,000,000 ms. */
export function fakeClock(): FakeClock {
  const clock = { time: 1_000_000, waits: [] as number[] };
  return {
    now: () => clock.time,
    pass: (ms) => void (clock.time += ms),
    waits: clock.waits,
    wait(ms) {
      clock.waits.push(ms);
      clock.time += ms;
      return Promise.resolve();
    },
  };
}

export interface FakeOrchestratorDeps extends OrchestratorDeps {
  database: FakeDatabase;
  clock: FakeClock;
  events: Event[];
  /** The texts that were sent, in order. */
  sent: string[];
  /** What works in the background: resolves when all of it is done. */
  finished: () => Promise<void>;
}

/** What the orchestrator works with: its agent says "Good morning!", Twilio takes every message. */
export function orchestratorDeps(
  overrides: Partial<OrchestratorDeps> & { database?: FakeDatabase } = {},
): FakeOrchestratorDeps {
  const clock = fakeClock();
  const [events, sent, background] = [[] as Event[], [] as string[], [] as Promise<unknown>[]];
  return {
    callerKeys: [ORCHESTRATOR_KEY],
    database: createFakeDatabase({ now: clock.now }),
    agent: agentOf(() => textReply("Good morning!")),
    send({ bodyText }) {
      sent.push(bodyText);
      const providerMessageId = messageSid();
      return Promise.resolve({
        outcome: "handed_over",
        providerMessageId,
        deliveryStatus: "queued",
      });
    },
    report: (event) => events.push(event),
    inBackground: (work) => background.push(work),
    now: clock.now,
    wait: clock.wait,
    ...{ clock, events, sent },
    finished: async () => void await Promise.all(background),
    ...overrides,
  };
}

/** An agent called "test" that answers so. */
export function agentOf(
  reply: (context: Parameters<Agent["reply"]>[0]) => Reply | Promise<Reply>,
): Agent {
  return { name: "test", reply: async (context) => await reply(context) };
}

/** A reply with this text. */
export function textReply(text: string): Reply {
  return { kind: "text", text, language: "en", handOver: false };
}

export interface FakeSyncDeps extends SyncAppDeps {
  database: FakeDatabase;
  syncDatabase: FakeSyncDatabase;
  twilioMessages: FakeTwilio;
  clock: FakeClock;
  events: Event[];
  /** What works in the background: resolves when all of it is done. */
  finished: () => Promise<void>;
}

/** What the sync works with: Twilio's list is empty. */
export function syncDeps(overrides: Partial<SyncAppDeps> = {}): FakeSyncDeps {
  const clock = fakeClock();
  const [events, background] = [[] as Event[], [] as Promise<unknown>[]];
  return {
    callerKeys: [SYNC_KEY],
    database: createFakeDatabase({ now: clock.now }),
    syncDatabase: fakeSyncDatabase(),
    twilioMessages: fakeTwilio(),
    listMessages: () => Promise.resolve([]),
    ownTexts: [],
    report: (event) => events.push(event),
    inBackground: (work) => background.push(work),
    now: clock.now,
    today: () => new Date(clock.now()),
    shuffle: (items) => items,
    ...{ clock, events },
    finished: async () => void await Promise.all(background),
    ...overrides,
  } as FakeSyncDeps;
}
