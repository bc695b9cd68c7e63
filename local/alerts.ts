/** Stands in for the operator's chat: takes the alerts of a stack that has no other receiver. */
import { Hono } from "hono";

export interface ReceivedAlert {
  receivedAt: string;
  /** The JSON that came; a text where it was none. */
  alert: unknown;
}

/** Enough to see what happened, and no end of memory. */
const KEPT = 100;

export class AlertBox {
  #received: ReceivedAlert[] = [];

  /** The latest hundred, oldest first. */
  get received(): readonly ReceivedAlert[] {
    return this.#received;
  }

  /** POST takes an alert, GET shows them: `/simulator/alerts`. */
  routes(): Hono {
    const app = new Hono().basePath("/simulator/alerts");
    app.post("/", async (context) => {
      const text = await context.req.text();
      const received = { receivedAt: new Date().toISOString(), alert: parsed(text) };
      this.#received = [...this.#received, received].slice(-KEPT);
      return context.body(null, 204);
    });
    app.get("/", (context) => context.json({ alerts: this.#received }));
    return app;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
