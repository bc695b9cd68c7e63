/** The fixed keys, accounts and ports of the local stack. They protect nothing: do not reuse them. */

/** The public API key, Supabase's own local default; it maps to the role `anon`. */
export const PUBLISHABLE_KEY = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH";

/** The backend's API key, Supabase's own local default; it maps to the role `service_role`. */
export const SECRET_KEY = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz";

/** Signs legacy JWTs (HS256), as in Supabase's own local stack. */
export const JWT_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long";

/** The Twilio account that the simulator serves. */
export const TWILIO_ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

/** The account's token: signs webhooks and opens the REST API. */
export const TWILIO_AUTH_TOKEN = "0123456789abcdef0123456789abcdef";

/** The business address that customers write to: the number of Twilio's own WhatsApp sandbox. */
export const BUSINESS_ADDRESS = "whatsapp:+14155238886";

/** What the database shows to the orchestrator. */
export const ORCHESTRATOR_KEY = "local-orchestrator-key";

/** What operators show to the operations function. */
export const OPERATIONS_KEY = "local-operations-key";

/** What the database shows to the sync. */
export const SYNC_KEY = "local-sync-key";

/** What the database shows to the fetching of media. */
export const MEDIA_KEY = "local-media-key";

/** The base port when nothing moves the stack; Supabase's local stack uses the same ones. */
export const DEFAULT_BASE_PORT = 54320;

/** Where each part of the stack listens, on 127.0.0.1. */
export interface Ports {
  gateway: number;
  postgres: number;
  twilio: number;
  openai: number;
}

/** The four ports that follow the base port. */
export function portsFrom(base: number = DEFAULT_BASE_PORT): Ports {
  return { gateway: base + 1, postgres: base + 2, twilio: base + 3, openai: base + 4 };
}
