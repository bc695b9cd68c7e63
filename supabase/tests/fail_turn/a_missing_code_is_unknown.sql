begin;
select plan(2);

-- SETUP
select tests.receive('Hello');
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, null);

-- TEST
select is((tests.turn('retrying')).last_error_code, 'unknown', 'a failure always has a code');
select results_eq(
  $$ select success, error_code from tests.event('turn_failed') $$, $$ values (false, 'unknown') $$,
  'and is recorded as one'
);

select * from finish();
rollback;
