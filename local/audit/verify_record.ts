/** Verifying the record, and holding it to an anchor. */
import { type AnchorSummary, readAnchor } from "./anchor_file.ts";
import type { AuditHead, AuditProblem, AuditRecord } from "./audit_record.ts";

export interface Verdict {
  /** Whether nothing is wrong. */
  ok: boolean;
  chainCount: number;
  rowCount: number;
  problemCount: number;
  /** The first of them; a wholly broken record has as many as chains. */
  problems: AuditProblem[];
  /** What the record was compared with. */
  anchor: (AnchorSummary & { file: string; comparedCount: number }) | null;
}

export interface Asked {
  /** This conversation alone; everything when absent. */
  conversation?: string | undefined;
  /** A file of `audit:anchor`. */
  anchor?: string | undefined;
}

const LISTED_PROBLEMS = 1000;

/**
 * Verifies each chain and then, when a file is given, that each anchored chain still holds what was
 * anchored. Throws when the database cannot be asked or the file is not whole.
 */
export async function verifyRecord(record: AuditRecord, asked: Asked): Promise<Verdict> {
  const verdict = emptyVerdict();
  const conversation = asked.conversation?.toLowerCase();
  for await (const { chainCount, rowCount, problems } of record.verify(conversation)) {
    Object.assign(verdict, { chainCount, rowCount });
    add(verdict, problems);
  }
  if (asked.anchor) {
    verdict.anchor = await compareWith(asked.anchor, record, { conversation }, verdict);
  }
  return { ...verdict, ok: verdict.problemCount === 0 };
}

async function compareWith(
  file: string,
  record: AuditRecord,
  { conversation }: Asked,
  verdict: Verdict,
): Promise<Verdict["anchor"]> {
  const isAsked = ({ chainId }: AuditHead) => !conversation || chainId === conversation;
  const pages = readAnchor(file);
  for (let comparedCount = 0;;) {
    const { done, value } = await pages.next();
    if (done) return { ...value, file, comparedCount };
    const heads = value.filter(isAsked);
    comparedCount += heads.length;
    if (heads.length > 0) add(verdict, await record.compare(heads));
  }
}

function add(verdict: Verdict, problems: readonly AuditProblem[]) {
  verdict.problemCount += problems.length;
  verdict.problems.push(...problems.slice(0, LISTED_PROBLEMS - verdict.problems.length));
}

function emptyVerdict(): Verdict {
  return { ok: true, chainCount: 0, rowCount: 0, problemCount: 0, problems: [], anchor: null };
}

/** The verdict as a person reads it, one text of several lines. */
export function describeVerdict(verdict: Verdict): string {
  const { anchor, chainCount, rowCount, problemCount, problems } = verdict;
  return [
    `Verified ${counted(chainCount, "chain")} with ${counted(rowCount, "row")}`,
    ...(anchor
      ? [
        `Compared ${
          counted(anchor.comparedCount, "chain")
        } with ${anchor.file} of ${anchor.anchoredAt}`,
      ]
      : []),
    ...problems.map(({ text }) => `BROKEN ${text}`),
    problemCount > 0 ? `${problemCount} broken` : "Nothing is broken",
  ].join("\n");
}

/** A number with its word: `1 chain`, `2 chains`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
