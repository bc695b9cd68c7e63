/** SIGKILL of the orchestrator at each point of a turn: the customer gets one reply, once. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

const POINTS = [
  "after_claim",
  "after_model",
  "after_complete",
  "before_post",
  "after_post",
  "after_record",
];

Deno.test("an orchestrator killed anywhere in a turn answers exactly once", async (t) => {
  await using faulty = await FaultStack.start();
  for (const callbacks of ["early", "none"]) {
    for (const point of POINTS) {
      await t.step(`killed ${point}, status callbacks ${callbacks}`, async () => {
        const customer = faulty.newCustomer();
        await faulty.press("twilio", `callbacks:${callbacks}`, 100);
        await faulty.press("function:orchestrator", `kill_at:${point}`);

        await faulty.write(customer, `Killed ${point}`);
        await killed(faulty);
        await faulty.endLeases();
        await keepsItsPromises(faulty);

        assert.equal(faulty.stack.twilio.sent(customer).length, 1);
        await faulty.clearFaults();
      });
    }
  }
});

Deno.test("a burst whose orchestrator dies again and again is answered in order", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.press("function:orchestrator", "kill_at:after_claim");
  await faulty.press("function:orchestrator", "kill_at:after_complete");
  await faulty.press("function:orchestrator", "kill_at:after_post");

  for (const number of [1, 2, 3, 4]) await faulty.write(customer, `Part ${number}`);
  await faulty.eventually("three deaths", async () => {
    await faulty.endLeases();
    return deaths(faulty) >= 3;
  });
  await keepsItsPromises(faulty);

  const texts = faulty.stack.twilio.sent(customer).map(({ body }) => body).join("\n");
  for (const number of [1, 2, 3, 4]) assert.match(texts, new RegExp(`Part ${number}`));
});

function deaths(faulty: FaultStack): number {
  return faulty.lines.filter((line) => line.includes("SIGKILL")).length;
}

/** A point strikes once; then it is armed no more. */
async function killed(faulty: FaultStack) {
  await faulty.eventually(
    "the orchestrator's death",
    async () => !await faulty.isArmed("kill_at:"),
  );
}
