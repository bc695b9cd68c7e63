/** The model fails, hangs, is out of breath or talks nonsense. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

const PASSING = ["status:500", "status:503", "status:429", "nonsense", "hang"];

Deno.test("a model that fails for a while delays the reply and nothing else", async (t) => {
  await using faulty = await FaultStack.start();
  for (const mode of PASSING) {
    await t.step(`the model: ${mode}`, async () => {
      const customer = faulty.newCustomer();
      await faulty.press("openai", mode, 2);
      await faulty.write(customer, `While the model has ${mode}`);
      await keepsItsPromises(faulty);
      const replies = faulty.stack.twilio.sent(customer);
      assert.equal(replies.length, 1);
      assert.match(replies[0]?.body ?? "", /While the model has/);
    });
  }
});

Deno.test("a turn whose model never answers dies: one fallback, an alert, a person, and a replay that answers", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.query("update cc_settings set max_failures = 3");
  await faulty.press("openai", "status:500", 3);

  await faulty.write(customer, "Nobody answers me");
  await faulty.eventually("the turn's death", async () => {
    const [dead] = await faulty.query("select from cc_turns where state = 'dead'");
    return dead !== undefined;
  });
  await keepsItsPromises(faulty);
  assert.deepEqual(
    faulty.stack.twilio.sent(customer).map(({ body }) => body),
    ["Sorry, we could not answer your message just now. A person will get back to you."],
  );
  await faulty.eventually("the alert", () => Promise.resolve(hasAlert(faulty, "turn_died")));

  const [dead] = await faulty.query<{ id: string }>("select id from cc_turns where state = 'dead'");
  const [answer] = await faulty.query<{ replayed: { outcome: string } }>(
    `select replay_turn('${dead?.id}') as replayed`,
  );
  assert.equal(answer?.replayed.outcome, "replayed");
  const [again] = await faulty.query<{ replayed: { outcome: string } }>(
    `select replay_turn('${dead?.id}') as replayed`,
  );
  assert.equal(again?.replayed.outcome, "not_dead");
  // A person has it since the death: the replay waits until they give it back.
  const [back] = await faulty.query<{ outcome: string }>(
    "select hand_back(id) ->> 'outcome' as outcome from cc_conversations where handler = 'human'",
  );
  assert.equal(back?.outcome, "handed_back");
  await keepsItsPromises(faulty);
  const replies = faulty.stack.twilio.sent(customer).map(({ body }) => body);
  assert.equal(replies.length, 2);
  assert.match(replies[1] ?? "", /Nobody answers me/);
});

function hasAlert(faulty: FaultStack, kind: string): boolean {
  return JSON.stringify(faulty.stack.alerts.received).includes(`"kind":"${kind}"`);
}
