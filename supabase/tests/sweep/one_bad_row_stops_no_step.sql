begin;
select plan(5);

-- SETUP
-- Two customers in each step; whatever touches the first of them raises.
select tests.orchestrator();
select tests.sync();
create temp table customer as
select number, 'whatsapp:+1500555011' || number as customer_address, number % 2 = 1 as is_bad
from generate_series(1, 8) as number;
create function pg_temp.raise_for_the_bad() returns trigger language plpgsql
as $$
begin
  if new.conversation_id in (select tests.conversation(customer_address) from customer where is_bad) then
    raise exception 'a bad row' using errcode = 'TEST2';
  end if;
  return new;
end;
$$;

select tests.receive('Hello', customer_address => customer_address) from customer order by number;
select tests.claim(tests.conversation(customer_address)) from customer where number <= 4 order by number;
select public.complete_turn(turn.id, 1, array['Hi'])
from public.cc_turns as turn, customer
where number in (3, 4) and turn.conversation_id = tests.conversation(customer_address);
select public.claim_send(tests.conversation(customer_address)) from customer where number in (3, 4);
select tests.expire_leases(tests.conversation(customer_address)) from customer where number <= 4;
select tests.due(tests.conversation(customer_address)), tests.rung('1 hour', tests.conversation(customer_address))
from customer where number in (5, 6);
select tests.answer(dispatch.request_id, 500)
from cc_private.dispatches as dispatch, customer
where number in (7, 8) and dispatch.conversation_id = tests.conversation(customer_address);
create trigger raise_for_the_bad before insert on public.cc_audit_logs
for each row execute function pg_temp.raise_for_the_bad();

-- TEST
select is(
  cc_private.sweep() - 'alerts',
  '{"expired_turns": 1, "expired_sends": 1, "failed_dispatches": 1, "dispatched": 1}',
  'the sweep does the good half'
);
select set_eq(
  $$ select step, row_id, error_code from cc_private.sweep_errors $$,
  $$
    select 'expire_turn_leases' as step, turn_id as row_id, 'TEST2' as error_code
    from public.cc_messages, customer
    where number = 1 and conversation_id = tests.conversation(customer_address)
    union all
    select 'expire_send_leases', id, 'TEST2'
    from public.cc_messages, customer
    where number = 3 and conversation_id = tests.conversation(customer_address) and direction = 'outbound'
    union all
    select step, tests.conversation(customer_address), 'TEST2'
    from customer join (values (5, 'dispatch_due'), (7, 'check_dispatches')) as failed (number, step)
      using (number)
  $$,
  'and keeps of each bad row what it failed with'
);
select is(
  (
    select state from public.cc_turns, customer
    where number = 1 and conversation_id = tests.conversation(customer_address)
  ),
  'running', 'of a bad row nothing is changed'
);
select is(
  (
    select state from public.cc_turns, customer
    where number = 2 and conversation_id = tests.conversation(customer_address)
  ),
  'retrying', 'of a good one all'
);
drop trigger raise_for_the_bad on public.cc_audit_logs;
select is(
  cc_private.sweep() - 'alerts',
  '{"expired_turns": 1, "expired_sends": 1, "failed_dispatches": 1, "dispatched": 1}',
  'the next sweep tries the bad half again'
);

select * from finish();
rollback;
