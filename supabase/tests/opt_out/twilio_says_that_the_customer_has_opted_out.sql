begin;
select plan(7);

-- SETUP
create function pg_temp.is_opted_out() returns boolean language sql
as $$ select cc_private.is_opted_out(tests.conversation()) $$;
select tests.reply('First', 'Second');
create temp table sent as select public.claim_send(tests.conversation()) as claim;
select public.record_send((claim ->> 'message_id')::uuid, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued')
from sent;
select tests.receive('And?');

-- TEST
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'undelivered', error_code => '63016');
select is(pg_temp.is_opted_out(), false, 'another code opts nobody out');
select tests.receive('START');
select public.record_send((public.claim_send(tests.conversation()) ->> 'message_id')::uuid, 1, 'refused', error_code => '21610');
select is(pg_temp.is_opted_out(), true, '21610 in the answer opts out');
select is(tests.claim(), '{"outcome": "nothing_pending"}', 'and nothing waits for an answer');

select tests.receive('START');
select tests.reply('Third');
update public.cc_customers set opted_out_at = null, opted_in_at = now() where id is not null;
select public.record_send(
  (public.claim_send(tests.conversation()) ->> 'message_id')::uuid, 1, 'handed_over',
  'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'queued'
);
select public.record_send((tests.outbound(4)).id, 1, 'handed_over', 'SMcccccccccccccccccccccccccccccccc', 'queued');
update public.cc_messages set send_claimed_at = now() - interval '1 minute'
where id = (tests.outbound(3)).id;
select public.record_delivery_status('SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'undelivered', error_code => '21610');
select is(pg_temp.is_opted_out(), false, 'what was sent before the customer came back says nothing');
select public.record_delivery_status('SMcccccccccccccccccccccccccccccccc', 'failed', error_code => '21610');
select is(pg_temp.is_opted_out(), true, '21610 in a status callback opts out');
select public.record_delivery_status('SMcccccccccccccccccccccccccccccccc', 'failed', error_code => '21610');
select is(
  (
    select count(*) from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type = 'customer_opted_out'
  ),
  2::bigint, 'each is on record once'
);
select is(
  (tests.event('customer_opted_out')).output_redacted ->> 'reason', 'twilio_error', 'with its reason'
);

select * from finish();
rollback;
