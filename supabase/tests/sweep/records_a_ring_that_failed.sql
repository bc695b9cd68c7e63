begin;
select plan(4);

-- SETUP
-- One customer for each way to fail; the name says what the record is to say.
select tests.orchestrator();
create temp table failure as
select expected, tests.receive('Hello', customer_address => 'whatsapp:+1500555011' || number) as message
from unnest(array['http_500', 'http_404', 'http_302', 'timeout', 'no_connection'])
  with ordinality as failure (expected, number);
create temp table ring as
select expected, (tests.ring(1, (message).conversation_id)).* from failure;
select tests.answer(request_id, substring(expected from 'http_(\d+)')::integer)
from ring where expected like 'http%';
select tests.answer(request_id, timed_out => true, error_msg => 'Timeout of 5000 ms reached')
from ring where expected = 'timeout';
select tests.answer(request_id, error_msg => 'Couldn''t connect to server')
from ring where expected = 'no_connection';

-- TEST
select is(cc_private.check_dispatches(), 5, 'each is a failure');
select results_eq(
  $$
    select entry.error_code, entry.message_id, entry.output_redacted
    from public.cc_audit_logs as entry
    join ring on ring.conversation_id = entry.conversation_id
    where entry.event_type = 'orchestrator_trigger_failed'
    order by ring.request_id
  $$,
  $$
    select expected, message_id, jsonb_build_object('request_id', request_id)
    from ring
    order by request_id
  $$,
  'the record says of which ring, and with which code'
);
select is_empty(
  $$
    select from public.cc_audit_logs as entry
    where entry.conversation_id in (select conversation_id from ring) and entry.error_message is not null
  $$,
  'in nobody else''s words'
);
select is(cc_private.check_dispatches(), 0, 'and says it once');

select * from finish();
rollback;
