begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.sync();
select tests.media();
update cc_private.heartbeats set beat_at = clock_timestamp() - interval '1 hour' where name = 'sweep';

-- TEST
select is(public.get_health() #>> '{reasons, 0, kind}', 'sweep_stopped', 'it is silent');
select cc_private.sweep();
select is(public.get_health() ->> 'status', 'ok', 'each sweep says that it came to its end');

select * from finish();
rollback;
