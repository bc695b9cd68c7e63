/** A strict reader of the little XML that TwiML is. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

const TOKEN = new RegExp(
  [
    /<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE[^>[]*>/,
    /<!\[CDATA\[(?<cdata>[^]*?)\]\]>/,
    /<\/(?<close>[\w:.-]+)\s*>/,
    /<(?<open>[A-Za-z_][\w:.-]*)(?<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>/,
    /(?<text>[^<]+)/,
  ].map(({ source }) => source).join("|"),
  "y",
);
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The root element. Throws an error that says what is wrong, and where. */
export function parseXml(xml: string): Element {
  const top: Element = { name: "", attributes: {}, children: [] };
  const open = [top];
  const token = new RegExp(TOKEN);
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const found = token.exec(xml);
    if (!found) throw new Error(`Cannot parse XML: unexpected "${xml[at]}" at ${at}`);
    place(found.groups ?? {}, open);
  }
  const roots = top.children.filter((child) => typeof child !== "string" || child.trim() !== "");
  const [root] = roots;
  if (open.length > 1) throw new Error(`Cannot parse XML: <${open.at(-1)?.name}> is not closed`);
  if (roots.length !== 1 || root === undefined || typeof root === "string") {
    throw new Error("Cannot parse XML: it must be one element");
  }
  return root;
}

/** The text of an element and all in it. */
export function textOf(node: Element | string): string {
  return typeof node === "string" ? node : node.children.map(textOf).join("");
}

function place(token: Record<string, string | undefined>, open: Element[]): void {
  const parent = open.at(-1) as Element;
  if (token.cdata !== undefined) parent.children.push(token.cdata);
  if (token.text !== undefined) parent.children.push(decoded(token.text));
  if (token.open !== undefined) {
    const attributes = attributesOf(token.attributes ?? "");
    const element = { name: token.open, attributes, children: [] };
    parent.children.push(element);
    if (!token.empty) open.push(element);
  }
  if (token.close !== undefined) {
    if (open.length === 1 || parent.name !== token.close) {
      throw new Error(`Cannot parse XML: </${token.close}> closes nothing`);
    }
    open.pop();
  }
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(found.map(([, name, a, b]) => [name, decoded(a ?? b ?? "")]));
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));|&/g, (all, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number.parseInt(decimal, 10));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    const known = ENTITIES[name ?? ""];
    if (known === undefined) throw new Error(`Cannot parse XML: unknown entity ${all}`);
    return known;
  });
}
