begin;
select plan(4);

-- SETUP
update public.cc_settings set trigger_failures_alert_count = 3 where id;
create function pg_temp.troubles() returns setof text language sql
as $$ select text from cc_private.troubles() where kind = 'trigger_failures' $$;
create function pg_temp.fail(times integer, ago interval) returns void language sql
as $$
  insert into public.cc_audit_logs (
    actor_type, event_type, input_redacted, output_redacted, success, error_code, created_at, previous_hash, hash
  )
  select 'system', 'orchestrator_trigger_failed', '{}', '{}', false, 'http_500', clock_timestamp() - ago, '\x', '\x'
  from generate_series(1, times)
$$;

-- TEST
select pg_temp.fail(2, '0');
select is_empty('select pg_temp.troubles()', 'one may');
select pg_temp.fail(5, '11 minutes');
select is_empty('select pg_temp.troubles()', 'what failed ten minutes ago is over');
select pg_temp.fail(1, '9 minutes');
select isnt_empty('select pg_temp.troubles()', 'as many as the setting says are too many');
select results_eq(
  'select pg_temp.troubles()', $$ values ('3 rings of the orchestrator failed within ten minutes') $$, 'how many is said'
);

select * from finish();
rollback;
