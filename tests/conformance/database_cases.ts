/**
 * The promises of `Database` as cases that every implementation passes: the real one proves them,
 * and the one in memory is held to them, so that tests which use it are worth something.
 */
import type { ConformanceCase, DatabaseUnderTest } from "./database_under_test.ts";
import { failureCases } from "./failure_cases.ts";
import { ingestCases } from "./ingest_cases.ts";
import { limitCases } from "./limit_cases.ts";
import { mergeCases } from "./merge_cases.ts";
import { operationsCases } from "./operations_cases.ts";
import { optOutCases } from "./opt_out_cases.ts";
import { personCases } from "./person_cases.ts";
import { sendCases } from "./send_cases.ts";
import { settleCases } from "./settle_cases.ts";
import { turnCases } from "./turn_cases.ts";
import { workCases } from "./work_cases.ts";

const cases: ConformanceCase[] = [
  ...[...ingestCases, ...limitCases, ...turnCases, ...failureCases],
  ...mergeCases,
  ...[...optOutCases, ...sendCases, ...settleCases, ...operationsCases, ...workCases],
  ...personCases,
];

/** Registers one test for each case, each on an implementation of its own. */
export function testDatabase(
  implementation: string,
  create: () => Promise<DatabaseUnderTest>,
): void {
  for (const { name, run } of cases) {
    Deno.test(`${name} (${implementation})`, async () => {
      await using subject = await create();
      await run(subject);
    });
  }
}
