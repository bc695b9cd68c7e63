/** A reply that is too long for one message leaves as several, cut where a reader would pause. */

/** UTF-16 units: Twilio refuses a WhatsApp body over 1600 characters with error 21617. */
const MAXIMUM_PART_LENGTH = 1600;

/** Where to cut, the best place first: after a line, after a sentence, after a word. */
const PAUSES = [/\n+/g, /[.!?…。！？]["'”’)]*\s+/g, /\s+/g];

/**
 * The parts of the text in order, each of 1 to `maximum` UTF-16 units, without the white space they
 * were cut at. A text without any pause is cut between characters as a reader sees them.
 */
export function splitReply(text: string, maximum = MAXIMUM_PART_LENGTH): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > maximum) {
    const cut = lastPause(rest, maximum) ?? lastCharacter(rest, maximum);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...parts, rest];
}

/** The end of the last pause that leaves at most `maximum` before it, and not too little. */
function lastPause(text: string, maximum: number): number | undefined {
  for (const pause of PAUSES) {
    const cuts = [...text.slice(0, maximum + 1).matchAll(pause)]
      .map((match) => match.index + match[0].length)
      .filter((cut) => text.slice(0, cut).trimEnd().length <= maximum && cut > maximum / 2);
    if (cuts.length > 0) return cuts.at(-1);
  }
  return undefined;
}

function lastCharacter(text: string, maximum: number): number {
  let cut = 0;
  // Two units further, where the next code point ends: only it tells whether a character goes on.
  for (const { index, segment } of new Intl.Segmenter().segment(text.slice(0, maximum + 2))) {
    if (index + segment.length > maximum) break;
    cut = index + segment.length;
  }
  // One "character" of combining marks can be longer than a whole message: only pairs stay whole.
  return cut || text.slice(0, maximum).replace(/[\ud800-\udbff]$/, "").length || maximum;
}
