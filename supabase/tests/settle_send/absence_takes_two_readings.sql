begin;
select plan(7);

-- SETUP
select tests.orchestrator();
update public.cc_settings set settle_grace_seconds = 60 where id;
create temp table doubt as select tests.uncertain_send('Hi', interval '59 seconds') as id;
create function pg_temp.read() returns text language sql
as $$ select public.settle_send(id, 1, clock_timestamp(), '[]') ->> 'outcome' from doubt $$;

-- TEST
select is(pg_temp.read(), 'too_early', 'Twilio may still execute what was asked before the lease ended');
update public.cc_messages set send_lease_until = clock_timestamp() - interval '61 seconds'
where id = (select id from doubt);
select is(pg_temp.read(), 'absent_once', 'a grace time later the first reading counts');
select is(pg_temp.read(), 'too_early', 'the list may lag: a second one right after it proves nothing');
update public.cc_messages set absent_since = clock_timestamp() - interval '59 seconds'
where id = (select id from doubt);
select is(pg_temp.read(), 'too_early', 'nor a little later');
select is((tests.outbound(1)).send_state, 'uncertain', 'the message is in doubt all the while');
update public.cc_messages set absent_since = clock_timestamp() - interval '61 seconds'
where id = (select id from doubt);
select is(pg_temp.read(), 'proven_absent', 'a grace time after the first the second one counts');
select is((tests.outbound(1)).send_state, 'ready', 'only then it is sent anew');

select * from finish();
rollback;
