/** The calls of the database that prove who writes, each one transaction. */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "../../_shared/caller.ts";

const Check = z.object({ outcome: z.enum(["verified", "not_verified", "lease_lost"]) });

const Begin = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("asked"),
    challengeId: z.uuid(),
    code: z.string().regex(/^\d{6}$/),
    validMinutes: z.int().positive(),
  }),
  z.object({
    outcome: z.enum([
      "verified",
      "awaited",
      "same_channel",
      "too_many_codes",
      "locked",
      "lease_lost",
    ]),
  }),
]);
export type VerificationBegin = z.infer<typeof Begin>;

/** Every method may throw a `DatabaseError`. */
export interface VerificationDatabase {
  /** Whether the turn's conversation is verified; when it is, the turn may tell of accounts. */
  checkVerification(turnId: string, attempt: number): Promise<z.infer<typeof Check>>;
  /** Makes a code to be sent there, unless one is under way; `again`: as soon as it may leave. */
  beginVerification(
    turn: { turnId: string; attempt: number },
    target: { channel: string; address: string; again: boolean },
  ): Promise<VerificationBegin>;
  /** Says that a code was sent, or why not. */
  recordCode(challengeId: string, errorCode: string | null): Promise<void>;
}

/** A `VerificationDatabase` over PostgREST. */
export function createVerificationDatabase(options: SupabaseOptions): VerificationDatabase {
  const call = createCaller(options);
  return {
    checkVerification: (turnId, attempt) =>
      call("check_verification", Check, { turn_id: turnId, attempt }),
    beginVerification: ({ turnId, attempt }, target) =>
      call("begin_verification", Begin, { turn_id: turnId, attempt, ...target }),
    recordCode: async (challengeId, errorCode) => {
      await call("record_code", z.object({ outcome: z.string() }), {
        challenge_id: challengeId,
        ...(errorCode && { error_code: errorCode }),
      });
    },
  };
}
