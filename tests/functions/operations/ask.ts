/** Asking the operators' function, on a database in memory. */
import type { Event } from "../../../supabase/functions/_shared/events.ts";
import { createApp } from "../../../supabase/functions/operations/app.ts";
import { createFakeDatabase, type FakeDatabase } from "../../support/fake_database.ts";
import { type FakeClock, fakeClock, OPERATIONS_KEY } from "../../support/fakes.ts";

export interface Operations {
  database: FakeDatabase;
  clock: FakeClock;
  events: Event[];
  ask(path: string, init?: { key?: string | null; method?: string }): Promise<Response>;
}

/** The function, with one key. */
export function operations(): Operations {
  const [clock, events] = [fakeClock(), [] as Event[]];
  const database = createFakeDatabase({ now: clock.now });
  const report = (event: Event) => events.push(event);
  const app = createApp({ callerKeys: [OPERATIONS_KEY], database, report });
  return {
    ...{ database, clock, events },
    async ask(path, { key = OPERATIONS_KEY, method = "GET" } = {}) {
      const headers = key === null ? {} : { apikey: key };
      return await app.request(`http://internal/operations${path}`, { method, headers });
    },
  };
}
