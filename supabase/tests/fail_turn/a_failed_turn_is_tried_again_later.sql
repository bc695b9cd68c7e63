begin;
select plan(3);

-- SETUP
update public.cc_settings set backoff_base_ms = 2000, backoff_max_ms = 300000, max_failures = 5 where id;
select tests.receive('Hello');
select tests.claim();
create temp table answer as
select public.fail_turn((tests.turn('running')).id, 1, 'model_down', 'The model said 503') as outcome;

-- TEST
select results_eq(
  $$ select failure_count, attempt, last_error_code, last_error_message, finished_at from tests.turn('retrying') $$,
  $$ values (1, 1, 'model_down', 'The model said 503', null::timestamptz) $$,
  'the turn keeps its error for the operator'
);
select is((select outcome ->> 'outcome' from answer), 'retrying', 'the answer says that it is tried again');
select ok(
  (select (outcome ->> 'due_in_ms')::numeric between 1500 and 2400 from answer),
  'and when, in milliseconds'
);

select * from finish();
rollback;
