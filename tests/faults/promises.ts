/** What must hold after any fault, read from the tables and from Twilio's own list. */
import assert from "node:assert/strict";
import type { FaultStack } from "./fault_stack.ts";

/** Waits until the stack has healed, then holds it to every promise. */
export async function keepsItsPromises(faulty: FaultStack): Promise<void> {
  const ledger = await faulty.heals();
  assert.deepEqual(
    { lost: ledger.lost, unanswered: ledger.unanswered, doubled: ledger.doubled },
    { lost: 0, unanswered: 0, doubled: 0 },
    JSON.stringify(ledger),
  );
  await storesEachMessageOnce(faulty);
  await answersEachTurnOnce(faulty);
  await keepsTheOrder(faulty);
  await recordsEverything(faulty);
  await keepsTheChains(faulty);
}

async function storesEachMessageOnce(faulty: FaultStack) {
  const gaps = await faulty.query(`
    select conversation_id, max(seq), count(*)
    from cc_messages group by conversation_id having max(seq) <> count(*)`);
  assert.deepEqual(gaps, [], "seq has gaps");
  const several = await faulty.query(`
    select customer_id, channel, count(*)
    from cc_conversations where status = 'active' group by 1, 2 having count(*) > 1`);
  assert.deepEqual(several, [], "a customer has two active conversations");
}

/** No turn has more than one reply: the parts of one reply have different texts in these tests. */
async function answersEachTurnOnce(faulty: FaultStack) {
  const doubled = await faulty.query(`
    select turn_id, body_text, count(*)
    from cc_messages
    where direction = 'outbound' and turn_id is not null
    group by turn_id, body_text having count(*) > 1`);
  assert.deepEqual(doubled, [], "a turn wrote a text twice");
}

/** To each address Twilio was asked for our messages in the order of their seq. */
async function keepsTheOrder(faulty: FaultStack) {
  const rows = await faulty.query<{ sid: string; seq: string; conversation_id: string }>(`
    select provider_message_id as sid, seq, conversation_id
    from cc_messages where direction = 'outbound' and provider_message_id is not null`);
  const bySid = new Map(rows.map((row) => [row.sid, row]));
  const last = new Map<string, number>();
  // What the webhook answered in TwiML (an apology) is no message of ours.
  const sent = faulty.stack.twilio.sent().filter(({ direction }) => direction === "outbound-api");
  for (const { sid } of sent) {
    const row = bySid.get(sid);
    assert.ok(row, `Twilio has ${sid}, which no row of ours has`);
    const seq = Number(row.seq);
    assert.ok(seq > (last.get(row.conversation_id) ?? 0), `${sid} left out of order`);
    last.set(row.conversation_id, seq);
  }
}

async function recordsEverything(faulty: FaultStack) {
  const unrecorded = await faulty.query(`
    with recorded as (
      select message_id, array_agg(event_type) as events from cc_audit_logs group by message_id
    )
    select message.id, message.direction, recorded.events
    from cc_messages as message
    left join recorded on recorded.message_id = message.id
    where not coalesce(recorded.events, '{}') @> case
      when message.direction = 'inbound' then array[
        case when message.recovered_at is null then 'inbound_webhook_received' else 'message_recovered' end,
        'message_persisted'
      ]
      when message.recovered_at is not null then array['message_taken_over']
      when message.send_state = 'handed_over' then array['reply_sent']
      else array['reply_refused']
    end`);
  assert.deepEqual(unrecorded, [], "a step is missing from the audit");
  const unfinished = await faulty.query(`
    select turn.id, turn.state
    from cc_turns as turn
    where turn.state in ('answered', 'dead') and not exists (
      select from cc_audit_logs as entry
      where entry.output_redacted ->> 'turn_id' = turn.id::text
        and entry.event_type = case turn.state when 'dead' then 'turn_died' else 'turn_answered' end
    )`);
  assert.deepEqual(unfinished, [], "the end of a turn is missing from the audit");
}

async function keepsTheChains(faulty: FaultStack) {
  const [row] = await faulty.query<{ verified: { outcome: string } }>(`
    select public.verify_audit_chain() as verified`);
  assert.equal(row?.verified.outcome, "intact", JSON.stringify(row?.verified));
}
