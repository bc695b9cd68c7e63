begin;
select plan(18);

-- SETUP
select tests.orchestrator();
select tests.sync();
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
select is(
  public.record_delivery_status('SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'delivered') ->> 'outcome',
  'recorded',
  'keeps what Twilio reports'
);

reset role;
create temp table doubt as select tests.uncertain_send('And this?', interval '1 hour') as id;
grant select on doubt to service_role;
set local role service_role;
select is(
  public.list_uncertain_sends() #>> '{messages, 0, message_id}', id::text, 'asks what is in doubt'
)
from doubt;
select is(
  public.settle_send(id, 1, now(), '[]') ->> 'outcome', 'absent_once', 'settles it'
)
from doubt;
select is(
  public.settle_send(id, 1, clock_timestamp(), jsonb_build_array(jsonb_build_object(
    'sid', 'SMcccccccccccccccccccccccccccccccc', 'body', 'And this?', 'status', 'sent', 'date_created', now()
  ))) ->> 'outcome',
  'found',
  'either way'
)
from doubt;

reset role;
select tests.receive('Hello?');
create temp table dead as select tests.kill_turn() as id;
grant select on dead to service_role;
set local role service_role;
select is(public.replay_turn(id) ->> 'outcome', 'replayed', 'replays a dead turn') from dead;

reset role;
select tests.receive_media();
set local role service_role;
create temp table file as select public.claim_media(1) -> 0 as claim;
select isnt((select claim from file), null, 'takes a file');
select is(
  public.record_media((claim ->> 'media_id')::uuid, 1, 'stored', 5, 'image/png') ->> 'outcome', 'stored',
  'stores it'
)
from file;
select isnt(public.get_health() ->> 'status', null, 'asks for the health');
select isnt(public.get_metrics(), null, 'and for the metrics');
select is(public.verify_audit_chain() ->> 'outcome', 'intact', 'verifies the audit');
select is(public.check_audit_anchor(public.list_audit_heads()), '[]', 'and holds it to an anchor');
select throws_ok(
  'select cc_private.sweep()', '42501', null, 'it does not run the sweep'
);

select * from finish();
rollback;
