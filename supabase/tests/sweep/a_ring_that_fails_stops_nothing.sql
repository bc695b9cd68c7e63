begin;
select plan(3);

-- SETUP
select tests.orchestrator();
create temp table waiting as
select tests.receive('Hello', customer_address => customer_address) as message
from unnest(array['whatsapp:+15005550111', 'whatsapp:+15005550112']) as customer_address;
update public.cc_turns set due_at = clock_timestamp(), dispatched_at = null
where id in (select (message).turn_id from waiting);
delete from vault.secrets where name = 'orchestrator_key';

-- TEST
select lives_ok('select cc_private.sweep()', 'the sweep goes on');
select results_eq(
  $$
    select error_code, count(*)
    from public.cc_audit_logs
    where event_type = 'orchestrator_trigger_failed'
      and conversation_id in (select (message).conversation_id from waiting)
    group by error_code
  $$,
  $$ values ('SB002', 2::bigint) $$,
  'each failure is on record'
);
select is_empty('select from cc_private.sweep_errors', 'as what it is, and not as an error of the sweep');

select * from finish();
rollback;
