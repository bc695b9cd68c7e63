begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.sync();
select tests.media();
select tests.receive('Hello');
update cc_private.heartbeats set beat_at = clock_timestamp() where name = 'sweep';
select cc_private.watch_audit();

-- TEST
select is(public.get_health(), '{"status": "ok", "reasons": []}', 'there is nothing to say');
create temp table before as select count(*) as rows from public.cc_audit_logs;
select public.get_health() from generate_series(1, 3);
select is((select count(*) from public.cc_audit_logs), (select rows from before), 'and asking leaves no trace');

select * from finish();
rollback;
