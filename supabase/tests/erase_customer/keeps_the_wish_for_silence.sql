begin;
select plan(3);

-- SETUP
select tests.receive('STOP');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select public.erase_customer(customer_id)
from public.cc_conversations where id = tests.conversation();

-- TEST
select tests.receive('Hello?');
select results_eq(
  $$ select state, silent_reason from public.cc_turns where conversation_id = tests.conversation() $$,
  $$ values ('silent', 'opted_out') $$,
  'who wanted no messages still gets none'
);
select tests.receive('START');
select is((tests.outbound(1)).body_text, opt_in_text, 'until START') from public.cc_settings;
select public.erase_customer(customer_id)
from public.cc_conversations where id = tests.conversation();
select tests.receive('Hello!');
select is((tests.turn('pending')).state, 'pending', 'which an erasure does not undo either');

select * from finish();
rollback;
