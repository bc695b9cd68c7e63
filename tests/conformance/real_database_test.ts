/** Postgres, reached as the functions reach it, passes the conformance suite. */
import { testDatabase } from "./database_cases.ts";
import { createRealUnderTest } from "./real_database.ts";

testDatabase("Postgres", createRealUnderTest);
