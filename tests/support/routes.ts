/** Every route of every function, and what lies outside of them. */

export interface Route {
  /** The function's name: its URL's first part. */
  name: string;
  path: string;
  /** The one method of its contract; GET includes HEAD, as in HTTP. */
  method: "GET" | "POST";
}

export const ROUTES: Route[] = [
  { name: "twilio-webhook", path: "", method: "POST" },
  { name: "twilio-webhook", path: "/status", method: "POST" },
  { name: "orchestrator", path: "", method: "POST" },
  { name: "twilio-sync", path: "", method: "POST" },
  { name: "media", path: "", method: "POST" },
  { name: "operations", path: "/health", method: "GET" },
  { name: "operations", path: "/metrics", method: "GET" },
  { name: "operations", path: "/webhooks", method: "GET" },
];

/** The setting that holds the key of each function's callers; Twilio signs instead. */
export const KEY_SETTINGS: Record<string, string> = {
  orchestrator: "ORCHESTRATOR_KEY",
  "twilio-sync": "SYNC_KEY",
  media: "MEDIA_KEY",
  operations: "OPERATIONS_KEY",
};

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const UNKNOWN_PATHS = ["/unknown", "/status/more", "/health/more", "/%00", "/functions/v1"];

/** Each route with each method that is not its own: 405. */
export function otherMethods(): { name: string; path: string; method: string }[] {
  return ROUTES.flatMap(({ name, path, method }) =>
    METHODS.filter((other) => other !== method && !(method === "GET" && other === "HEAD"))
      .map((other) => ({ name, path, method: other }))
  );
}

/** Paths below each function that are none of its routes, with each method: 404. */
export function otherPaths(): { name: string; path: string; method: string }[] {
  const names = [...new Set(ROUTES.map(({ name }) => name))];
  return names.flatMap((name) =>
    UNKNOWN_PATHS
      .flatMap((path) => METHODS.map((method) => ({ name, path, method })))
  );
}
