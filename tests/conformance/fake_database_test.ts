/** The database in memory passes the conformance suite. */
import { testDatabase } from "./database_cases.ts";
import { createFakeUnderTest } from "./fake_database.ts";

testDatabase("in memory", createFakeUnderTest);
