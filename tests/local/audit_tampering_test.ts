/** Whatever is done to the rows of the audit is found; what is only written never is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import postgres, { type Sql, type TransactionSql } from "postgres";
import { forgeChain, openAudit, rowsOf, writeChains } from "../support/audit_chains.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

interface Problem {
  kind: string;
  chain_id: string;
  row_id: number | null;
}

interface Answer {
  outcome: string;
  resume: string | null;
  problems: Problem[];
}

async function verify(sql: Sql, maxMs = 1000): Promise<{ outcome: string; problems: Problem[] }> {
  const problems: Problem[] = [];
  let answer: Answer | undefined;
  do {
    answer = await verifyOnce(sql, answer?.resume ?? null, maxMs);
    problems.push(...answer.problems);
  } while (answer.resume !== null);
  return { outcome: answer.outcome, problems };
}

async function verifyOnce(sql: Sql, resume: string | null, maxMs: number): Promise<Answer> {
  const [row] = await sql<{ answer: Answer }[]>`
    select public.verify_audit_chain(null, ${resume}, ${maxMs}) as answer`;
  assert.ok(row);
  return row.answer;
}

const CHAINS = 4;
const ROWS = 6;
const chain = fc.nat(CHAINS - 1);
const row = fc.nat(ROWS - 1);

/** A value that the column can hold and does not hold yet. */
const CHANGES = [
  "id = nextval('cc_audit_logs_id_seq')",
  "message_id = gen_random_uuid()",
  "actor_type = 'human'",
  "event_type = 'turn_died'",
  `input_redacted = '{"seq": 1}'`,
  "output_redacted = 'null'",
  "success = false, error_code = 'x'",
  "created_at = created_at - interval '1 microsecond'",
  "previous_hash = sha256('x')",
  "hash = sha256('x')",
];

const tampering = fc.oneof(
  fc.record({ what: fc.constant("change"), chain, row, change: fc.constantFrom(...CHANGES) }),
  fc.record({ what: fc.constant("remove"), chain, row, count: fc.integer({ min: 1, max: ROWS }) }),
  fc.record({ what: fc.constant("put in"), chain, row, hasHash: fc.boolean() }),
  fc.record({ what: fc.constant("swap"), chain, row, other: row }),
  fc.record({ what: fc.constant("move"), chain, row, to: chain }),
  fc.record({ what: fc.constant("head"), chain, by: fc.constantFrom(-1, 1) }),
  fc.record({ what: fc.constant("no chain"), chain }),
  fc.record({ what: fc.constant("forge"), chain, row, change: fc.constantFrom(...CHANGES) }),
);
type Tampering = typeof tampering extends fc.Arbitrary<infer Value> ? Value : never;

/** Does it; gives the chains that it touched, none when it comes to nothing. */
async function tamper(sql: Sql, ids: string[], how: Tampering): Promise<string[]> {
  const of = ids[how.chain] ?? "";
  const rows = await rowsOf(sql, of);
  const id = ("row" in how ? rows[how.row] : undefined) ?? "0";
  if ("change" in how) {
    await sql.unsafe(`update cc_audit_logs set ${how.change} where id = ${id}`);
    // Hash columns are written anew by the forger: nothing is left of a change of theirs.
    if (how.what === "forge") await forgeChain(sql, of);
    return how.what === "forge" && how.change.includes("hash") ? [] : [of];
  }
  if ("count" in how) {
    await sql`delete from cc_audit_logs where id = any(${
      rows.slice(how.row, how.row + how.count)
    })`;
  } else if ("hasHash" in how) {
    await putIn(sql, id, how.hasHash);
  } else if ("other" in how) {
    const other = rows[how.other] ?? "0";
    await sql`update cc_audit_logs set id = 0 where id = ${id}`;
    await sql`update cc_audit_logs set id = ${id} where id = ${other}`;
    await sql`update cc_audit_logs set id = ${how.row === how.other ? id : other} where id = 0`;
    return how.row === how.other ? [] : [of];
  } else if ("to" in how) {
    const to = ids[how.to] ?? "";
    await sql`update cc_audit_logs set conversation_id = ${to} where id = ${id}`;
    return to === of ? [] : [of, to];
  } else if ("by" in how) {
    await sql`update cc_private.audit_chains set row_count = row_count + ${how.by} where id = ${of}`;
  } else {
    await sql`delete from cc_private.audit_chains where id = ${of}`;
  }
  return [of];
}

/** A copy of the row, with a number of its own; `hasHash` gives it the hash that suits it. */
async function putIn(sql: Sql, id: string, hasHash: boolean) {
  const [made] = await sql<{ id: string }[]>`
    insert into cc_audit_logs
    select (jsonb_populate_record(
      entry, jsonb_build_object('id', nextval('cc_audit_logs_id_seq'), 'previous_hash', entry.hash)
    )).*
    from cc_audit_logs as entry where entry.id = ${id} returning id`;
  if (hasHash && made) {
    await sql`
      update cc_audit_logs as entry set hash = cc_private.audit_hash(entry) where id = ${made.id}`;
  }
}

/** Runs the work in a transaction that never happened. */
async function undone(sql: Sql, work: (sql: TransactionSql) => Promise<void>) {
  const undo = new Error("undo");
  await sql.begin(async (transaction) => {
    await work(transaction);
    throw undo;
  }).catch((error) => {
    if (error !== undo) throw error;
  });
}

Deno.test("verify_audit_chain() or the anchor finds any tampering with any chain, and names it", async () => {
  await using database = await createTestDatabase();
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  try {
    const ids = await writeChains(sql, CHAINS, ROWS);
    await openAudit(sql);
    const [anchor] = await sql`select public.list_audit_heads() as heads`;
    await fc.assert(
      fc.asyncProperty(tampering, async (how) => {
        await undone(sql, async (inside) => {
          const touched = await tamper(inside as unknown as Sql, ids, how);
          const { outcome, problems } = await verify(inside as unknown as Sql);
          const [compared] = await inside<{ found: Problem[] }[]>`
            select public.check_audit_anchor(${sql.json(anchor?.["heads"])}) as found`;
          const found = [...problems, ...compared?.found ?? []];
          assert.equal(found.length > 0, touched.length > 0, JSON.stringify(how));
          assert.equal(outcome, problems.length > 0 ? "broken" : "intact");
          if (how.what === "forge") assert.equal(outcome, "intact", "it fits together");
          for (const { chain_id } of found) assert.ok(touched.includes(chain_id), chain_id);
        });
      }),
      { numRuns: 300 },
    );
  } finally {
    await sql.end();
  }
});

Deno.test("verify_audit_chain() finds nothing while rows are being written", async () => {
  await using database = await createTestDatabase();
  const sql = postgres(database.url(), { max: 6, onnotice: () => {} });
  try {
    const ids = await writeChains(sql, 3, 1);
    let isWriting = true;
    const writers = ids.flatMap((id) => [id, id]).map(async (id) => {
      for (let row = 0; row < 300; row++) {
        await sql`
          select cc_private.append_audit(
            ${id}, cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
          )`;
      }
    });
    const written = Promise.all(writers).finally(() => isWriting = false);
    let rounds = 0;
    const reader = postgres(database.url(), { max: 1 });
    while (isWriting) {
      assert.deepEqual(await verify(reader, 0), { outcome: "intact", problems: [] });
      rounds++;
    }
    await written;
    assert.ok(rounds > 10, `${rounds} rounds`);
    const [counted] = await reader`select count(*)::int as rows from cc_audit_logs`;
    assert.equal(counted?.["rows"], 3 + 3 * 2 * 300 * 2);
    await reader.end();
  } finally {
    await sql.end();
  }
});
