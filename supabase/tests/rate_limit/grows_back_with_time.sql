begin;
select plan(4);

-- SETUP
update public.cc_settings set customer_burst_messages = 2, customer_messages_per_minute = 6 where id;
create function pg_temp.remaining() returns numeric language sql
as $$
  select round(customer.remaining_messages::numeric, 1)
  from public.cc_customers as customer
  join public.cc_conversations as conversation on conversation.customer_id = customer.id
  where conversation.id = tests.conversation()
$$;
create function pg_temp.pass(period interval) returns void language sql
as $$
  update public.cc_customers as customer
  set remaining_messages_at = remaining_messages_at - period
  from public.cc_conversations as conversation
  where conversation.id = tests.conversation() and customer.id = conversation.customer_id
$$;

-- TEST
select tests.receive('One'), tests.receive('Two'), tests.receive('Three');
select is(pg_temp.remaining(), -1.0, 'three messages of two');
select pg_temp.pass('20 seconds');
select tests.receive('Four');
select is(pg_temp.remaining(), 0.0, 'after ten seconds for each there is one more');
select is(
  (select count(*) from unnest(tests.events()) as event where event = 'customer_rate_limited'),
  1::bigint, 'which waits for nothing'
);
select pg_temp.pass('1 day');
select tests.receive('Five');
select is(pg_temp.remaining(), 1.0, 'the bucket is never fuller than it is deep');

select * from finish();
rollback;
