/** Asking the operators' function, on a database in memory. */
import type { Event } from "../../../supabase/functions/_shared/events.ts";
import type { Finding } from "../../../supabase/functions/_shared/twilio/webhook_check/finding.ts";
import { createApp } from "../../../supabase/functions/operations/app.ts";
import { createFakeDatabase, type FakeDatabase } from "../../support/fake_database.ts";
import { type FakeClock, fakeClock, OPERATIONS_KEY } from "../../support/fakes.ts";

export interface Operations {
  database: FakeDatabase;
  clock: FakeClock;
  events: Event[];
  /** What Twilio has configured, as the check finds it; an Error is thrown. */
  twilio: { findings: Finding[] | Error; asked: number };
  ask(path: string, init?: { key?: string | null; method?: string }): Promise<Response>;
}

/** The function, with one key. */
export function operations(): Operations {
  const [clock, events] = [fakeClock(), [] as Event[]];
  const database = createFakeDatabase({ now: clock.now });
  const report = (event: Event) => events.push(event);
  const twilio: Operations["twilio"] = { findings: [], asked: 0 };
  const checkWebhooks = () => {
    twilio.asked++;
    const { findings } = twilio;
    return findings instanceof Error ? Promise.reject(findings) : Promise.resolve(findings);
  };
  const app = createApp({ callerKeys: [OPERATIONS_KEY], database, checkWebhooks, report });
  return {
    ...{ database, clock, events, twilio },
    async ask(path, { key = OPERATIONS_KEY, method = "GET" } = {}) {
      const headers = key === null ? {} : { apikey: key };
      return await app.request(`http://internal/operations${path}`, { method, headers });
    },
  };
}
