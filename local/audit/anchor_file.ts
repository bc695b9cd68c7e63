/**
 * An anchor: the heads of all chains as JSON lines, one chain a line, and at the end how many there
 * are and a digest over all lines, which shows a file that is cut off or was edited.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { TextLineStream } from "../text_lines.ts";
import { AuditHead } from "./audit_record.ts";

/** The last line; `digest` is the SHA-256, in hex, of all lines before it with their line ends. */
export const AnchorSummary = z.object({
  chainCount: z.int(),
  rowCount: z.int(),
  anchoredAt: z.string(),
  digest: z.string(),
});
export type AnchorSummary = z.infer<typeof AnchorSummary>;

/** A chain whose rows do not lead to its head: an anchor would only hide it. */
export class BrokenChainError extends Error {
  override readonly name = "BrokenChainError";

  constructor({ chainId }: AuditHead) {
    super(`Cannot anchor: chain ${chainId} does not end with its head; see deno task audit:verify`);
  }
}

/** As many heads as one call compares. */
const PAGE_SIZE = 500;

/**
 * Writes a new file; throws when it exists, and leaves none behind when the heads cannot be read.
 * Throws a `BrokenChainError` when a chain's last row is not its head.
 */
export async function writeAnchor(
  path: string,
  pages: AsyncIterable<AuditHead[]>,
): Promise<AnchorSummary> {
  using file = await Deno.open(path, { write: true, createNew: true }).catch((error) => {
    throw new Error(`Cannot write ${path}: ${error.message}`);
  });
  try {
    const write = (text: string) => writeAll(file, text);
    const summary = await writeHeads(write, pages);
    await write(`${JSON.stringify(summary)}\n`);
    await file.sync();
    return summary;
  } catch (error) {
    await Deno.remove(path);
    throw error;
  }
}

async function writeHeads(
  write: (text: string) => Promise<void>,
  pages: AsyncIterable<AuditHead[]>,
): Promise<AnchorSummary> {
  const hash = createHash("sha256");
  const count = { chainCount: 0, rowCount: 0 };
  for await (const page of pages) {
    for (const head of page) {
      if (head.rowCount > 0 && head.lastRowId === null) throw new BrokenChainError(head);
      count.chainCount++;
      count.rowCount += head.rowCount;
    }
    const text = page.map((head) => `${JSON.stringify(head)}\n`).join("");
    hash.update(text);
    await write(text);
  }
  return { ...count, anchoredAt: new Date().toISOString(), digest: hash.digest("hex") };
}

async function writeAll(file: Deno.FsFile, text: string) {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await file.write(rest));
}

/**
 * Reads an anchor in pages and returns its last line. Throws when the file is not whole, which is
 * known only at its end.
 */
export async function* readAnchor(path: string): AsyncGenerator<AuditHead[], AnchorSummary> {
  const hash = createHash("sha256");
  let page: AuditHead[] = [];
  let summary: AnchorSummary | undefined;
  let chainCount = 0;
  for await (const line of readLines(path)) {
    const value = parseLine(line);
    if (summary || value === undefined) throw notWhole(path);
    if ("digest" in value) {
      summary = value;
      continue;
    }
    hash.update(`${line}\n`);
    chainCount++;
    page.push(value);
    if (page.length === PAGE_SIZE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
  const isWhole = summary?.chainCount === chainCount && summary.digest === hash.digest("hex");
  if (!summary || !isWhole) throw notWhole(path);
  return summary;
}

async function* readLines(path: string): AsyncGenerator<string> {
  const file = await Deno.open(path).catch((error) => {
    throw new Error(`Cannot read ${path}: ${error.message}`);
  });
  // Closes the file at its end, and when nobody reads on.
  yield* file.readable.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
}

function parseLine(line: string): AuditHead | AnchorSummary | undefined {
  try {
    return z.union([AuditHead, AnchorSummary]).parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function notWhole(path: string): Error {
  return new Error(`Cannot use ${path}: it is not a whole anchor as audit:anchor writes it`);
}
