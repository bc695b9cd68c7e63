/** What an operator's tools ask: is all well, and how much of what is there. */
import type { Hono } from "hono";
import type { Database, Health, Metric } from "../_shared/database.ts";
import { createDoor, refuseMethod, requireKey } from "../_shared/door.ts";
import { DatabaseError, RequestError } from "../_shared/errors.ts";
import type { Report } from "../_shared/events.ts";
import { formatMetrics } from "./format_metrics.ts";

export interface OperationsDeps {
  /** Who may call: one key, or two during a rotation. */
  callerKeys: string[];
  database: Pick<Database, "getHealth" | "getMetrics">;
  report: Report;
}

/** The version of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/** The routes for operators, on any implementation of what they need. */
export function createApp({ callerKeys, database, report }: OperationsDeps): Hono {
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
  app.all("/health", refuseMethod);
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
