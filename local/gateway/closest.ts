/** Finds what someone may have meant. Stands in for PostgREST's fuzzy set, whose scores differ. */

/** The candidate most like `text`, if it is at least so similar (0 to 1). */
export function closest(
  text: string,
  candidates: string[],
  minimum: number,
): string | undefined {
  const scored = candidates.map((candidate) => ({ candidate, score: similarity(text, candidate) }));
  const [best] = scored.sort((a, b) => b.score - a.score);
  return best && best.score >= minimum ? best.candidate : undefined;
}

function similarity(a: string, b: string): number {
  return 1 - distance(a.toLowerCase(), b.toLowerCase()) / Math.max(a.length, b.length, 1);
}

/** Levenshtein's: how many characters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a].entries()) {
    const current = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replace = (previous[j] ?? 0) + (character === b[j] ? 0 : 1);
      current.push(Math.min(replace, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
