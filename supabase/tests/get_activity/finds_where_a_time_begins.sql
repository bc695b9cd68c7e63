begin;
select plan(4);

-- SETUP
-- Rows of the last ten minutes, one each ten seconds, with gaps between their ids.
alter table public.cc_audit_logs disable trigger user;
create temp table start as select coalesce(max(id), 0) + 1000 as id from public.cc_audit_logs;
insert into public.cc_audit_logs (
  id, actor_type, event_type, input_redacted, output_redacted, success, created_at, previous_hash, hash
)
select start.id + number * 7, 'system', 'turn_claimed', '{}', '{}', true,
  now() + interval '1 hour' + number * interval '10 seconds', '\x', '\x'
from start, generate_series(0, 59) as number;

create function pg_temp.first_from(at timestamptz) returns bigint language sql
as $$ select min(id) from public.cc_audit_logs where id >= cc_private.first_audit_id(at) $$;

-- TEST
select is(pg_temp.first_from(now() + interval '1 hour'), id, 'the first') from start;
select is(pg_temp.first_from(now() + interval '1 hour 5 minutes'), id + 30 * 7, 'one in the middle') from start;
select is(
  pg_temp.first_from(now() + interval '1 hour 5 minutes 1 second'), id + 31 * 7, 'the next after a moment between two'
) from start;
select is(pg_temp.first_from(now() + interval '2 hours'), null, 'none behind the last');

select * from finish();
rollback;
