begin;
select plan(2);

-- SETUP
update public.cc_settings set max_failures = 2 where id;
select tests.receive();

-- TEST
select is(tests.claim() -> 'is_last_attempt', 'false', 'one failure may still come');
select public.fail_turn((tests.turn('running')).id, 1, 'model_timeout');
select is(tests.claim() -> 'is_last_attempt', 'true', 'the next one kills the turn');

select * from finish();
rollback;
