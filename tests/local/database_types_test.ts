/** The types that the functions compile against are those of the migrations. */
import assert from "node:assert/strict";
import { generateTypes, TYPES_FILE } from "../../local/database_types.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

Deno.test("database.types.ts is what the Supabase CLI generates from the migrations", async () => {
  await using database = await createTestDatabase();
  assert.equal(
    await Deno.readTextFile(TYPES_FILE),
    await generateTypes(database.url()),
    "run `deno task types`",
  );
});
