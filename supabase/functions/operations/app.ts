/** What an operator's tools ask: is all well, and how much of what is there. */
import type { Hono } from "hono";
import type { Database, Health, Metric } from "../_shared/database.ts";
import { createDoor, refuseMethod, requireKey } from "../_shared/door.ts";
import { DatabaseError, RequestError } from "../_shared/errors.ts";
import type { Report } from "../_shared/events.ts";
import type { Finding } from "../_shared/twilio/webhook_check/finding.ts";
import { formatMetrics } from "./format_metrics.ts";
import { webhookHealth } from "./webhook_health.ts";

export interface OperationsDeps {
  /** Who may call: one key, or two during a rotation. */
  callerKeys: string[];
  database: Pick<Database, "getHealth" | "getMetrics">;
  /** Asks Twilio which webhooks it calls; throws an Error that says why it could not. */
  checkWebhooks: () => Promise<Finding[]>;
  report: Report;
}

/** The version of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/** The routes for operators, on any implementation of what they need. */
export function createApp(deps: OperationsDeps): Hono {
  const { callerKeys, database, checkWebhooks, report } = deps;
  const app = createDoor("operations", report);

  app.use(requireKey(callerKeys));
  app.get("/health", async (c) => {
    const health = await healthOf(database);
    return c.json(health, health.status === "ok" ? 200 : 503);
  });
  app.get("/metrics", async () => {
    const text = formatMetrics(await metricsOf(database));
    return new Response(text, { headers: { "content-type": PROMETHEUS_TEXT } });
  });
  // Apart from the health, which must stay cheap and not depend on Twilio.
  app.get("/webhooks", async (c) => {
    const health = await webhookHealth(checkWebhooks);
    return c.json(health, health.status === "ok" ? 200 : 503);
  });
  app.all("/health", refuseMethod);
  app.all("/webhooks", refuseMethod);
  app.all("/metrics", refuseMethod);
  return app;
}

/** A database that does not answer is a reason like any other, and the worst. */
async function healthOf(database: OperationsDeps["database"]): Promise<Health> {
  try {
    return await database.getHealth();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const text = `the database does not answer (${error.code})`;
    return { status: "failing", reasons: [{ kind: "database_unreachable", text }] };
  }
}

async function metricsOf(database: OperationsDeps["database"]): Promise<Metric[]> {
  try {
    return await database.getMetrics();
  } catch (error) {
    throw error instanceof DatabaseError ? new RequestError("database_unreachable", 503) : error;
  }
}
