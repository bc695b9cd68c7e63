/** What runs on GitHub is pinned, and runs what a person runs. */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;
const read = (name: string) => Deno.readTextFile(join(ROOT, ".github/workflows", name));

Deno.test("every action and every package of the workflows has an exact version", async () => {
  for (const { name } of Deno.readDirSync(join(ROOT, ".github/workflows"))) {
    const text = await read(name);
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    assert.ok(actions.length > 0, name);
    for (const action of actions) assert.match(action ?? "", /^[\w/-]+@v\d+\.\d+\.\d+$/, name);
    for (const [, found] of text.matchAll(/npx -y (\S+)/g)) {
      assert.match(found ?? "", /^[a-z]+@\d+\.\d+\.\d+$/, name);
    }
    assert.doesNotMatch(text, /https?:\/\//, `${name} names a host`);
    assert.match(text, /^permissions:\n {2}contents: read$/m, `${name} may write`);
  }
});

Deno.test("the tests on GitHub are those of `deno task ok`", async () => {
  assert.match(await read("test.yml"), /run: \.ci\/run$/m);
  assert.match(await Deno.readTextFile(join(ROOT, ".ci/run")), /task ok$/m);
});

Deno.test("the deployment asks the task, and puts no secret into a command", async () => {
  const text = await read("deploy.yml");
  assert.match(text, /task deploy --project-ref "\$PROJECT_REF"/);
  const commands = text.split(/^ +run: /m).slice(1).map((part) => part.split(/^ {6}- /m)[0]);
  for (const command of commands) assert.doesNotMatch(command ?? "", /secrets\.|inputs\.|vars\./);
});
