begin;
select plan(2);

-- SETUP
update public.cc_settings set customer_burst_messages = 2, customer_messages_per_minute = 6 where id;
select tests.receive('Hello') from generate_series(1, 20);

-- TEST
select is(
  (
    select round(min(remaining_messages)::numeric, 1)
    from public.cc_customers
    where id = (select customer_id from public.cc_conversations where id = tests.conversation())
  ),
  -2.0, 'the bucket goes as far below zero as it is deep'
);
select cmp_ok(
  (tests.turn('pending')).due_at, '<=', clock_timestamp() + interval '20 seconds',
  'so whoever writes a hundred messages waits no longer than that'
);

select * from finish();
rollback;
