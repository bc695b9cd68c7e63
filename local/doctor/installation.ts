/** What the database tells of itself, by the secret key. */
import { z } from "zod";
import type { Call } from "../../supabase/functions/_shared/caller.ts";

const time = z.string().transform((text) => Date.parse(text));

const Job = z.object({
  name: z.string(),
  schedule: z.string(),
  isActive: z.boolean(),
  lastStatus: z.string().nullable(),
});

export const Installation = z.object({
  /** By the database's clock; all times are milliseconds since 1970. */
  checkedAt: time,
  extensions: z.object({
    pgNet: z.string().nullable(),
    pgCron: z.string().nullable(),
    supabaseVault: z.string().nullable(),
    pgcrypto: z.string().nullable(),
  }),
  /** Null: the CLI's record is not there. */
  migrations: z.array(z.string()).nullable(),
  /** Salted SHA-256 in hex; null: the secret is missing. */
  secrets: z.object({
    orchestratorUrl: z.string().nullable(),
    orchestratorKey: z.string().nullable(),
    syncUrl: z.string().nullable(),
    syncKey: z.string().nullable(),
    mediaUrl: z.string().nullable(),
    mediaKey: z.string().nullable(),
    erasureKey: z.string().nullable(),
    alertUrl: z.string().nullable(),
  }),
  jobs: z.array(Job),
  sweptAt: time.nullable(),
  settings: z.object({
    businessAddresses: z.array(z.string()),
    optOutKeywordCount: z.int(),
    optInKeywordCount: z.int(),
    tellsOptOut: z.boolean(),
    retentionDays: z.int().nullable(),
    hasTemplate: z.boolean(),
  }),
  probeReceivedAt: time.nullable(),
  alertAnswer: z.object({
    statusCode: z.int().nullable(),
    errorCode: z.string().nullable(),
  }).nullable(),
});
export type Installation = z.infer<typeof Installation>;

const TestAlert = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("sent"), requestId: z.int() }),
  z.object({ outcome: z.literal("failed"), errorCode: z.string() }),
]);

/** The database, as the doctor asks it. Each throws a `DatabaseError`. */
export interface Patient {
  /** What the digests of the secrets are salted with. */
  salt: string;
  installation(about?: { probeSid?: string; alertRequestId?: number }): Promise<Installation>;
  sendTestAlert(): Promise<z.infer<typeof TestAlert>>;
}

/** The database that these calls reach. */
export function openPatient(call: Call): Patient {
  const salt = crypto.randomUUID();
  return {
    salt,
    installation: ({ probeSid, alertRequestId } = {}) =>
      call("check_installation", Installation, {
        salt,
        ...(probeSid !== undefined && { probe_sid: probeSid }),
        ...(alertRequestId !== undefined && { alert_request_id: alertRequestId }),
      }),
    sendTestAlert: () => call("send_test_alert", TestAlert, {}),
  };
}

/** The digest that the database gives of this secret. */
export async function digestOf(salt: string, secret: string): Promise<string> {
  const bytes = new TextEncoder().encode(salt + secret);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
