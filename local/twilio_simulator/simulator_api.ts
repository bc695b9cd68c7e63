/** What Twilio does not have: the customer's side, faults, and rules. Under /simulator. */
import { Hono } from "hono";
import { z } from "zod";
import { simulateInbound } from "./inbound.ts";
import { messageResource } from "./message.ts";
import { Rules } from "./rules.ts";
import type { Simulation } from "./simulation.ts";

const FaultRequest = z.object({
  target: z.string(),
  mode: z.string(),
  times: z.int().nonnegative().optional(),
});

/** The routes, to be mounted at "/". */
export function simulatorApi(simulation: Simulation): Hono {
  const app = new Hono().basePath("/simulator");
  app.post("/inbound", async (context) => {
    const result = await simulateInbound(simulation, await context.req.json());
    // What Twilio saw stands at the top: status, headers, body, ms.
    return context.json({ ...result.response, ...result });
  });
  app.get("/messages", (context) => {
    const messages = simulation.messages.newestFirst().reverse().map((message) => ({
      ...messageResource(message),
      status_callback: message.statusCallback,
    }));
    return context.json({ messages });
  });
  app.get("/faults", (context) => context.json(simulation.faults.list()));
  app.post("/faults", async (context) => {
    await simulation.faults.press(FaultRequest.parse(await context.req.json()));
    return context.json(simulation.faults.list());
  });
  app.delete("/faults", async (context) => {
    await simulation.faults.clear();
    return context.json(simulation.faults.list());
  });
  app.get("/rules", (context) => context.json(simulation.rules));
  app.post("/rules", async (context) => {
    Object.assign(simulation.rules, Rules.partial().parse(await context.req.json()));
    return context.json(simulation.rules);
  });
  // Whoever calls these routes made the mistake, whatever it was; the words say which.
  app.onError((error, context) => {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return context.json({ error: message }, 400);
  });
  return app;
}
