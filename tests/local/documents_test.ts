/** What the documents name is there: files, tasks, tables of the release. */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;
const DOCUMENTS = ["docs/deploy.md", "docs/runbook.md", "CONTRIBUTING.md", "CHANGELOG.md"];
const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));

for (const document of DOCUMENTS) {
  Deno.test(`${document} names files and tasks that exist`, async () => {
    const text = await Deno.readTextFile(join(ROOT, document));
    const paths = text.matchAll(/`((?:supabase|tests|local|docs|\.github)\/[\w./-]+)`/g);
    for (const [, path = ""] of paths) {
      // The operator's own file of settings.
      if (path.includes("/.env")) continue;
      const isThere = await Deno.stat(join(ROOT, path)).then(() => true, () => false);
      assert.ok(isThere, `${path} is not there`);
    }
    for (const [, task = ""] of text.matchAll(/\btask ([a-z][a-z:]+)/g)) {
      assert.ok(task in tasks, `there is no task ${task}`);
    }
  });
}

Deno.test("docs/deploy.md names every setting without which a function does not start", async () => {
  const text = await Deno.readTextFile(join(ROOT, "docs/deploy.md"));
  for (
    const name of [
      ...["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "ORCHESTRATOR_KEY", "SYNC_KEY", "MEDIA_KEY"],
      ...["OPERATIONS_KEY", "PUBLIC_FUNCTIONS_URL", "SUPABASE_SECRET_KEYS"],
    ]
  ) assert.ok(text.includes(name), name);
});
