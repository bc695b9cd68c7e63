-- Verifying the record without being asked: a slice each minute, round after round. A second of work
-- reads some fifty thousand rows; what is broken stays a trouble until it fits again.

create table cc_private.audit_watch (
  id boolean primary key default true constraint there_is_one_row check (id),
  walk cc_private.audit_walk,
  round_started_at timestamptz not null,
  verified_at timestamptz not null
);

comment on table cc_private.audit_watch is 'Where the regular verification of the audit stands, and when it last went on.';
comment on column cc_private.audit_watch.walk is 'Null between two rounds.';
alter table cc_private.audit_watch enable row level security;
create policy "the api reads nothing here" on cc_private.audit_watch
  for all to anon, authenticated using (false);
insert into cc_private.audit_watch (round_started_at, verified_at) values (now(), now());

create table cc_private.audit_problems (
  chain_id uuid primary key,
  problem jsonb not null,
  found_at timestamptz not null
);

comment on table cc_private.audit_problems is 'Each chain that the last round over the audit found broken, with its first broken row.';
alter table cc_private.audit_problems enable row level security;
create policy "the api reads nothing here" on cc_private.audit_problems
  for all to anon, authenticated using (false);

create function cc_private.watch_audit(max_ms integer default 1000)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  watch cc_private.audit_watch;
  reader cc_private.audit_walk;
begin
  -- Two at once would read the same slice.
  select known.* into watch from cc_private.audit_watch as known for update skip locked;
  if watch.id is null then
    return null;
  end if;
  reader := watch.walk;
  if reader.chain_id is null then
    reader := cc_private.start_audit_walk(null);
    watch.round_started_at := clock_timestamp();
  end if;
  reader.problems := '[]';
  reader := cc_private.walk_audit(reader, max_ms);

  insert into cc_private.audit_problems as known (chain_id, problem, found_at)
  select (found.problem ->> 'chain_id')::uuid, found.problem, clock_timestamp()
  from jsonb_array_elements(reader.problems) as found (problem)
  on conflict on constraint audit_problems_pkey do update
  set problem = excluded.problem, found_at = excluded.found_at;
  -- At the end of a round: what it did not find again fits again.
  delete from cc_private.audit_problems as known
  where reader.chain_id is null and known.found_at < watch.round_started_at;
  update cc_private.audit_watch as known
  set walk = reader, round_started_at = watch.round_started_at, verified_at = clock_timestamp()
  where known.id;
  return jsonb_array_length(reader.problems);
end;
$$;

comment on function cc_private.watch_audit(integer) is 'Verifies a slice of the audit and keeps what is broken; gives the number of broken chains in it, or null when another session is at it.';
revoke all on function cc_private.watch_audit(integer) from public, anon, authenticated, service_role;

create function cc_private.audit_troubles()
returns table (kind text, text text)
language sql
stable
set search_path = ''
as $$
  select 'audit_broken', format(
    'the audit was tampered with, in %s chains; first, %s', count(*),
    (array_agg(broken.problem ->> 'text' order by broken.found_at, broken.chain_id))[1]
  )
  from cc_private.audit_problems as broken
  having count(*) > 0
  union all
  select 'audit_unverified', format(
    'the audit has not been verified since %s UTC',
    to_char(watch.verified_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
  )
  from cc_private.audit_watch as watch
  where watch.verified_at < statement_timestamp() - interval '2 hours'
$$;

comment on function cc_private.audit_troubles() is 'What the regular verification of the audit has found, and that it runs.';
revoke all on function cc_private.audit_troubles() from public, anon, authenticated, service_role;

select cron.schedule('switchboard-watch-audit', '* * * * *', 'select cc_private.watch_audit()');
