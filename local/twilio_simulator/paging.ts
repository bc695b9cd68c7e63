/** One page of a list, in the envelope of Twilio's REST API of 2010. */
const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

export interface Page<Item> {
  /** The fields around the list. */
  envelope: Record<string, unknown>;
  items: Item[];
}

/**
 * The page that the URL asks for. `PageToken` is "PA" and the last sid of the page before, or "PB"
 * and the first sid of the page after: so what arrives while somebody reads shifts no page.
 */
export function pageOf<Item extends { sid: string }>(url: URL, all: readonly Item[]): Page<Item> {
  const size = clamp(url.searchParams.get("PageSize") ?? DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE);
  const page = clamp(url.searchParams.get("Page") ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const from = firstOf(url.searchParams.get("PageToken"), { all, page, size });
  const items = all.slice(from, from + size);
  const [first, last] = [items.at(0), items.at(-1)];
  const uri = (page: number, token?: string) => pageUri(url, { page, size, token });
  const envelope = {
    end: page * size + Math.max(items.length - 1, 0),
    first_page_uri: uri(0),
    next_page_uri: last && from + size < all.length ? uri(page + 1, `PA${last.sid}`) : null,
    page,
    page_size: size,
    previous_page_uri: first && page > 0 ? uri(page - 1, `PB${first.sid}`) : null,
    start: page * size,
    uri: uri(page, url.searchParams.get("PageToken") ?? undefined),
  };
  return { envelope, items };
}

function firstOf(
  token: string | null,
  { all, page, size }: { all: readonly { sid: string }[]; page: number; size: number },
): number {
  const place = all.findIndex(({ sid }) => sid === token?.slice(2));
  if (place === -1) return page * size;
  return token?.startsWith("PB") ? Math.max(place - size, 0) : place + 1;
}

function pageUri(
  url: URL,
  { page, size, token }: { page: number; size: number; token: string | undefined },
): string {
  const paging = ["PageSize", "Page", "PageToken"];
  const filters = [...url.searchParams].filter(([name]) => !paging.includes(name));
  const query: [string, unknown][] = [...filters, ["PageSize", size], ["Page", page]];
  if (token !== undefined) query.push(["PageToken", token]);
  return url.pathname + "?" +
    query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
      .join("&");
}

function clamp(value: string | number, lowest: number, highest: number): number {
  const number = Math.trunc(Number(value));
  return Math.min(Math.max(Number.isFinite(number) ? number : lowest, lowest), highest);
}
