/** What the documents name is there: files, links, tasks, settings. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;
const PAGES = [...Deno.readDirSync(join(ROOT, "docs"))].map(({ name }) => `docs/${name}`)
  .filter((path) => path.endsWith(".md"));
const DOCUMENTS = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", ...PAGES.sort()];
const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));

/** `[text](target#section)` and `src="target"`, without what is on other hosts. */
const LINKS = /(?:\]\(|src=")(?![a-z]+:)([^)"#\s]*)(?:#([^)"\s]+))?[)"]/g;
/** A path from the root, wherever it stands; not one that is part of a URL or of another path. */
const PATHS = /(?<![\w./@-])((?:supabase|tests|local|docs|\.github)\/[\w./-]*\w)/g;
const TASKS = /\btask ([a-z][a-z:]+)/g;

for (const document of DOCUMENTS) {
  Deno.test(`${document} names files, links and tasks that exist`, async () => {
    const text = await Deno.readTextFile(join(ROOT, document));
    for (const [, path = ""] of text.matchAll(PATHS)) {
      // The operator's own file of settings.
      if (!path.includes("/.env")) assert.ok(await isThere(path), `${path} is not there`);
    }
    for (const [, target = "", section] of text.matchAll(LINKS)) {
      const path = target ? join(dirname(document), target) : document;
      assert.ok(await isThere(path), `${target} is not there`);
      if (section === undefined) continue;
      const sections = sectionsOf(await Deno.readTextFile(join(ROOT, path)));
      assert.ok(sections.includes(section), `${path} has no section #${section}`);
    }
    for (const [, task = ""] of text.matchAll(TASKS)) {
      assert.ok(task in tasks, `there is no task ${task}`);
    }
  });
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(join(ROOT, path)).then(() => true, () => false);
}

/** The names by which a page's sections are linked to, as GitHub makes them of its headings. */
function sectionsOf(text: string): string[] {
  const headings = text.replaceAll(/^```.*?^```/gms, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
  );
}

Deno.test("README's table of documentation names every page, and stays a first page", async () => {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  assert.deepEqual(PAGES.filter((page) => !text.includes(`[${page}](${page})`)), []);
  const lines = text.split("\n").length;
  assert.ok(lines <= 240, `${lines} lines: what a newcomer does not need first has a page in docs`);
});

Deno.test("each of README's ten promises names tests that hold it", async () => {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  const rows = [...text.matchAll(/^\| (\d+)\. .+$/gm)];
  assert.deepEqual(rows.map(([, number]) => Number(number)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const [row] of rows) assert.match(row, /`(?:supabase\/)?tests\/[\w./-]+\.(?:ts|sql)`/);
});

Deno.test("docs/deploy.md names every setting without which a function does not start", async () => {
  const text = await Deno.readTextFile(join(ROOT, "docs/deploy.md"));
  for (
    const name of [
      ...["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "ORCHESTRATOR_KEY", "SYNC_KEY", "MEDIA_KEY"],
      ...["OPERATIONS_KEY", "PUBLIC_FUNCTIONS_URL", "SUPABASE_SECRET_KEYS"],
    ]
  ) assert.ok(text.includes(name), name);
});
