begin;
select plan(2);

-- SETUP
-- A crash took the first ring; pg_net's ids started again, and a second ring has the same id.
select tests.orchestrator();
create temp table message as
select tests.receive('Hello', customer_address => 'whatsapp:+15005550111') as lost,
  tests.receive('Hello', customer_address => 'whatsapp:+15005550112') as heard;
update cc_private.dispatches as first
set request_id = second.request_id, dispatched_at = clock_timestamp() - interval '90 seconds'
from message, cc_private.dispatches as second
where first.conversation_id = (lost).conversation_id and second.conversation_id = (heard).conversation_id;
delete from net.http_request_queue where id is not null;
select tests.answer((tests.ring(1, (heard).conversation_id)).request_id, 202) from message;
select cc_private.check_dispatches();

-- TEST
select results_eq(
  $$
    select entry.error_code
    from public.cc_audit_logs as entry, message
    where entry.conversation_id = (lost).conversation_id and entry.event_type = 'orchestrator_trigger_failed'
  $$,
  $$ values ('lost') $$,
  'the first one has no answer'
);
select is_empty(
  $$
    select from public.cc_audit_logs as entry, message
    where entry.conversation_id = (heard).conversation_id
      and entry.event_type = 'orchestrator_trigger_failed'
  $$,
  'the second one has'
);

select * from finish();
rollback;
