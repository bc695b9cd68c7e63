begin;
select plan(5);

-- SETUP
select tests.orchestrator();
update public.cc_settings set settle_grace_seconds = 60 where id;
create temp table doubt as select tests.uncertain_send('Hi', interval '5 minutes') as id;
create function pg_temp.read(attempt integer) returns text language sql
as $$ select public.settle_send(id, attempt, clock_timestamp(), '[]') ->> 'outcome' from doubt $$;
select pg_temp.read(1);
update public.cc_messages set absent_since = clock_timestamp() - interval '2 minutes'
where id = (select id from doubt);
select pg_temp.read(1);

-- TEST
select is(public.claim_send(tests.conversation()) ->> 'attempt', '2', 'proven absent, it is sent again');
select is(pg_temp.read(1), 'settled_already', 'a reading for the first attempt comes too late');
select public.record_send((tests.outbound(1)).id, 2, 'uncertain', error_code => 'timed_out');
update public.cc_messages set send_lease_until = clock_timestamp() - interval '2 minutes'
where id = (select id from doubt);
select is(pg_temp.read(1), 'settled_already', 'also when the second one is in doubt');
select is(pg_temp.read(2), 'absent_once', 'which needs two readings of its own');
select is((tests.outbound(1)).send_state, 'uncertain', 'and stays in doubt until then');

select * from finish();
rollback;
