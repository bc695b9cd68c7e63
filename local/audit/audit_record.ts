/** The record as the tasks ask for it: page by page, so that memory stays bounded. */
import { z } from "zod";
import { readSettings, SupabaseSettings } from "../../supabase/functions/_shared/settings.ts";
import { withRetries } from "../../supabase/functions/_shared/retry.ts";
import { type Call, createCaller } from "../../supabase/functions/_shared/caller.ts";
import type { Environment } from "../function_environment.ts";

const id = z.guid();

/** What is wrong with a chain; `rowId` is its first broken row, null when no row can be named. */
export const AuditProblem = z.object({
  kind: z.string(),
  chainId: id,
  rowId: z.int().nullable(),
  text: z.string(),
});
export type AuditProblem = z.infer<typeof AuditProblem>;

/** How a chain ended at a time; `head` is its last row's hash in hex. */
export const AuditHead = z.object({
  chainId: id,
  rowCount: z.int().nonnegative(),
  lastRowId: z.int().nullable(),
  head: z.string().regex(/^([0-9a-f]{64})?$/),
  readAt: z.string(),
});
export type AuditHead = z.infer<typeof AuditHead>;

/** What one call verified; the counts are those of all calls so far. */
export const Verification = z.object({
  outcome: z.enum(["intact", "broken", "unfinished"]),
  chainCount: z.int(),
  rowCount: z.int(),
  problems: z.array(AuditProblem),
  resume: z.string().nullable(),
});
export type Verification = z.infer<typeof Verification>;

export interface AuditRecord {
  /** Verifies one conversation, or all; yields after each call, the last time with the end. */
  verify(conversationId: string | undefined): AsyncGenerator<Verification>;
  /** All chains in the order of their ids, a page at a time. */
  heads(): AsyncGenerator<AuditHead[]>;
  /** What no longer holds of up to 1000 heads. */
  compare(heads: readonly AuditHead[]): Promise<AuditProblem[]>;
}

/** A call that verifies works for two seconds; the rest is the network's. */
const TIMEOUT_MS = 15_000;
/** All calls only read: what a network loses is asked again, so that a long walk ends. */
const RETRIES = {
  startWithinMs: 5_000,
  firstPauseMs: 250,
  now: () => Date.now(),
  wait: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
};

/** The record in the database that the environment names; throws an Error that names what is missing. */
export function openRecord(environment: Environment): AuditRecord {
  const settings = readSettings(SupabaseSettings, environment);
  const callOnce = createCaller({ ...settings, timeoutMs: TIMEOUT_MS });
  const call: Call = (...asked) => withRetries(() => callOnce(...asked), RETRIES);

  async function* verify(conversationId: string | undefined) {
    let resume: string | null = null;
    do {
      const done: Verification = await call("verify_audit_chain", Verification, {
        ...(conversationId && { conversation_id: conversationId }),
        ...(resume && { resume }),
      });
      resume = done.resume;
      yield done;
    } while (resume !== null);
  }

  async function* heads() {
    let after: string | undefined;
    do {
      const page: AuditHead[] = await call(
        "list_audit_heads",
        z.array(AuditHead),
        after ? { after } : {},
      );
      after = page.at(-1)?.chainId;
      if (after) yield page;
    } while (after);
  }

  const compare = async (anchored: readonly AuditHead[]) =>
    await call("check_audit_anchor", z.array(AuditProblem), {
      heads: anchored.map(({ chainId, rowCount, lastRowId, head }) => ({
        chain_id: chainId,
        row_count: rowCount,
        last_row_id: lastRowId,
        head,
      })),
    });
  return { verify, heads, compare };
}
