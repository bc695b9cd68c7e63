begin;
select plan(4);

-- SETUP
create temp table first as select * from tests.receive('One');
select tests.close();
create temp table second as select * from tests.receive('Two');

-- TEST
select isnt(
  (select conversation_id from second), (select conversation_id from first),
  'the message opens another conversation'
);
select is((select seq from second), 1::bigint, 'which counts from one');
select is(
  (select count(*) from public.cc_customer_addresses where address = tests.customer()),
  1::bigint,
  'of the same customer'
);
select results_eq(
  $$
    select status
    from public.cc_conversations
    where customer_id = (select customer_id from public.cc_customer_addresses where address = tests.customer())
    order by status
  $$,
  $$ values ('active'), ('closed') $$,
  'one is active and the other stays closed'
);

select * from finish();
rollback;
