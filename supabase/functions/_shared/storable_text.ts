/**
 * Postgres cannot store U+0000 or half of a surrogate pair. They are kept as an escape character
 * and four hex digits, and so is the escape character itself, so that everything reads back equal.
 */

/** ASCII's own escape character: no keyboard makes it, so real texts stay as they are. */
const ESCAPE = "\u001b";
const UNSTORABLE =
  // deno-lint-ignore no-control-regex
  /[\u0000\u001b]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// deno-lint-ignore no-control-regex
const ESCAPED = /\u001b([0-9a-f]{4})/g;

/** The text in a form that Postgres can store. */
export function toStorable(text: string): string {
  return text.replace(
    UNSTORABLE,
    (unit) => ESCAPE + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** The text that was given to `toStorable`. */
export function fromStorable(text: string): string {
  return text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Every text in a JSON value, names included, in a form that Postgres can store. */
export function toStorableJson<Value>(value: Value): Value {
  return mapTexts(value, toStorable) as Value;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [change(name), mapTexts(item, change)]),
  );
}
