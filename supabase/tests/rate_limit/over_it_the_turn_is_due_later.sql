begin;
select plan(5);

-- SETUP
update public.cc_settings set customer_burst_messages = 2, customer_messages_per_minute = 6 where id;
select tests.receive('One'), tests.receive('Two');
create function pg_temp.wait() returns interval language sql
as $$ select (tests.turn('pending')).due_at - clock_timestamp() $$;

-- TEST
create temp table message as select * from tests.receive('Three');
select is((select count(*) from message), 1::bigint, 'the message is stored');
select ok(
  pg_temp.wait() between interval '9 seconds' and interval '10 seconds',
  'its answer waits until the bucket has a message again'
);
select results_eq(
  $$ select message_id, actor_type, success from tests.event('customer_rate_limited') $$,
  $$ select id, 'system', true from message $$, 'that is recorded'
);
select ok(
  ((tests.event('customer_rate_limited')).output_redacted ->> 'due_in_ms')::integer between 9000 and 10000,
  'with the wait'
);
select tests.receive('Four');
select ok(
  pg_temp.wait() between interval '19 seconds' and interval '20 seconds', 'the turn waits for each that joins it'
);

select * from finish();
rollback;
