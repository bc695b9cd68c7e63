begin;
select plan(9);

-- SETUP
select tests.alerts();
select tests.receive('Hello', customer_address => format('whatsapp:+150055501%s', number)) from generate_series(10, 12) as number;
create temp table broken as
select * from public.cc_audit_logs
where id = tests.audit_row(2, tests.conversation('whatsapp:+15005550111'));
-- From here to the end of the round, each slice as short as can be.
create function pg_temp.go_round() returns bigint language plpgsql
as $$
declare
  found bigint := 0;
begin
  for step_number in 1..100000 loop
    found := found + cc_private.watch_audit(0);
    exit when (select (walk).chain_id is null from cc_private.audit_watch);
  end loop;
  return found;
end;
$$;
create function pg_temp.troubles() returns setof text language sql
as $$ select kind from cc_private.troubles() where kind like 'audit\_%' $$;

-- TEST
select is(pg_temp.go_round(), 0::bigint, 'a round over an untouched record');
select is_empty('select pg_temp.troubles()', 'is no trouble');

alter table public.cc_audit_logs disable trigger refuse_audit_change;
update public.cc_audit_logs set actor_type = 'human' where id = (select id from broken);
select is(pg_temp.go_round(), 1::bigint, 'the next round finds what was changed');
select results_eq('select pg_temp.troubles()', array['audit_broken'], 'it is a trouble now');
select cc_private.alert_of_troubles();
select matches(
  tests.alert('audit_broken'), format('in 1 chains; first, conversation .*: row %s is not what was written', id), 'the operator hears which row'
)
from broken;
select is(pg_temp.go_round(), 1::bigint, 'it stays one');
update public.cc_audit_logs as entry set actor_type = broken.actor_type from broken where entry.id = broken.id;
select pg_temp.go_round();
select is_empty('select pg_temp.troubles()', 'until the row is what it was');

update cc_private.audit_watch set verified_at = now() - interval '3 hours' where id;
select results_eq('select pg_temp.troubles()', array['audit_unverified'], 'that nobody verifies is a trouble too');
select results_eq(
  $$ select schedule, command, active from cron.job where jobname = 'switchboard-watch-audit' $$,
  $$ values ('* * * * *', 'select cc_private.watch_audit()', true) $$,
  'pg_cron does, each minute'
);

select * from finish();
rollback;
