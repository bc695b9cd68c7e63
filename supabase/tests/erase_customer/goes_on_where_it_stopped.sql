begin;
select plan(6);

-- SETUP
select tests.receive('Message ' || number) from generate_series(1, 7) as number;
create temp table who as
select customer_id, id from public.cc_conversations where id = tests.conversation();

-- TEST
select is(
  public.erase_customer(customer_id, 3), '{"outcome": "erasing", "remaining": 4, "remaining_files": 0}', 'some at a time'
)
from who;
select is_empty('select address from public.cc_customer_addresses where customer_id = (select customer_id from who)', 'nobody is found any more');
select is(public.erase_customer(customer_id, 3) ->> 'remaining', '1', 'it goes on') from who;
select is(cc_private.remove_expired() ->> 'erasures', '1', 'the job finishes what its caller left');
select results_eq(
  $$ select count(*)::integer from public.cc_messages where conversation_id = (select id from who) and body_text <> '' $$,
  'values (0)', 'nothing is left'
);
select is(cc_private.remove_expired() ->> 'erasures', '0', 'and then it has nothing to do');

select * from finish();
rollback;
