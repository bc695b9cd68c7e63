/** Repeating what may be repeated, within a budget of time. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DatabaseError, RequestError } from "../../../supabase/functions/_shared/errors.ts";
import { withRetries } from "../../../supabase/functions/_shared/retry.ts";
import { type FakeClock, fakeClock } from "../../support/fakes.ts";

const transient = () => new DatabaseError("claim_turn", "unreachable", 0);

/** Retries on this clock, with a first pause of 100 ms. */
function retry<Result>(
  clock: FakeClock,
  attempt: () => Promise<Result>,
  startWithinMs = 10_000,
): Promise<Result> {
  return withRetries(attempt, { startWithinMs, firstPauseMs: 100, ...clock });
}

/** Throws these, one at each attempt, and then gives "done". */
function failing(...errors: unknown[]): () => Promise<string> {
  return () => errors.length > 0 ? Promise.reject(errors.shift()) : Promise.resolve("done");
}

Deno.test("withRetries() gives back the first success and waits for nothing", async () => {
  const clock = fakeClock();
  assert.equal(await retry(clock, failing()), "done");
  assert.deepEqual(clock.waits, []);
});

Deno.test("withRetries() pauses twice as long after each failure", async () => {
  const clock = fakeClock();
  const failures = [1, 2, 3, 4].map(transient);
  assert.equal(await retry(clock, failing(...failures)), "done");
  assert.deepEqual(clock.waits, [100, 200, 400, 800]);
});

const passing: [status: number, mayPass: boolean][] = [
  ...[[0, true], [500, true], [502, true], [503, true], [504, true]] as [number, boolean][],
  ...[[200, false], [400, false], [401, false], [404, false], [409, false]] as [number, boolean][],
];
for (const [status, mayPass] of passing) {
  Deno.test(`withRetries() ${mayPass ? "repeats" : "does not repeat"} after a ${status}`, async () => {
    const error = new DatabaseError("claim_turn", "x", status);
    assert.equal(error.isTransient, mayPass);
    const result = retry(fakeClock(), failing(error));
    if (mayPass) assert.equal(await result, "done");
    else await assert.rejects(result, error);
  });
}

for (const error of [new TypeError("x"), new RequestError("key_invalid", 403), "a text"]) {
  Deno.test(`withRetries() throws ${error} at once`, async () => {
    const clock = fakeClock();
    await assert.rejects(retry(clock, failing(error)), (thrown) => thrown === error);
    assert.deepEqual(clock.waits, []);
  });
}

Deno.test("withRetries() throws the last error when the budget is used up", async () => {
  const errors = Array.from({ length: 9 }, transient);
  const [clock, attempt] = [fakeClock(), failing(...errors)];
  await assert.rejects(retry(clock, attempt, 1500), (thrown) => thrown === errors[3]);
  assert.deepEqual(clock.waits, [100, 200, 400], "a fourth pause would last too long");
});

for (const startWithinMs of [0, -1000]) {
  Deno.test(`withRetries() makes one attempt in a budget of ${startWithinMs} ms`, async () => {
    assert.equal(await retry(fakeClock(), failing(), startWithinMs), "done");
    await assert.rejects(retry(fakeClock(), failing(transient()), startWithinMs), DatabaseError);
  });
}

Deno.test("withRetries() begins no attempt after its budget, however long each one takes", async () => {
  const [anyMs, anyBudget] = [fc.integer({ min: 0, max: 5000 }), fc.integer({ max: 20_000 })];
  await fc.assert(fc.asyncProperty(anyMs, anyBudget, async (ms, startWithinMs) => {
    const clock = fakeClock();
    const [startedAt, begun] = [clock.now(), [] as number[]];
    const attempt = () => {
      begun.push(clock.now() - startedAt);
      clock.pass(ms);
      return Promise.reject(transient());
    };
    await assert.rejects(retry(clock, attempt, startWithinMs), DatabaseError);
    assert.equal(begun[0], 0);
    assert.ok(begun.slice(1).every((at) => at < startWithinMs), `${begun} in ${startWithinMs} ms`);
  }));
});
