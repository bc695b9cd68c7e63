begin;
select plan(6);

-- SETUP
select tests.orchestrator();
set local role service_role;

-- TEST
create temp table stored as
select *
from public.ingest_inbound_message(
  'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'whatsapp:+15005550199', 'whatsapp:+15005550100', 'Hello'
);
select ok((select is_new_message from stored), 'it stores a message');
select is(
  public.dispatch_conversation(conversation_id) ->> 'outcome',
  'dispatched',
  'rings the orchestrator'
)
from stored;

reset role;
select tests.due();
set local role service_role;
create temp table claim as
select public.claim_turn(conversation_id) as turn, null::jsonb as send from stored;
select is(
  public.complete_turn((turn ->> 'turn_id')::uuid, (turn ->> 'attempt')::integer, array['Hi']) ->> 'outcome',
  'answered',
  'answers it'
)
from claim;
update claim set send = public.claim_send(conversation_id) from stored;
select is(
  public.record_send(
    (send ->> 'message_id')::uuid, (send ->> 'attempt')::integer,
    'handed_over', 'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'
  ) ->> 'outcome',
  'recorded',
  'sends the answer'
)
from claim;
select is(
  public.fail_turn((turn ->> 'turn_id')::uuid, (turn ->> 'attempt')::integer, 'timed_out') ->> 'outcome',
  'already_answered',
  'learns that it was answered'
)
from claim;
select ok(
  (select is_new from public.record_rejected_webhook('from_missing', '{}', 'signature of tests')),
  'keeps a request that could not be understood'
);

select * from finish();
rollback;
