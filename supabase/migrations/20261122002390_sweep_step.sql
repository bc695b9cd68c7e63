-- What every step of a sweep keeps to: it takes so many rows, skips what somebody else has locked, and takes a
-- row that fails as one row: the others go on.

-- The largest number of conversations that one step of one sweep touches: pg_net carries about 210
-- requests a second.
create function cc_private.sweep_limit()
returns integer
language sql
immutable
set search_path = ''
as $$
  select 500
$$;

comment on function cc_private.sweep_limit() is 'How many rows one step of a sweep takes at most.';
revoke all on function cc_private.sweep_limit() from public, anon, authenticated, service_role;

create function cc_private.try_lock_conversation(conversation_id uuid)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = try_lock_conversation.conversation_id
  for update skip locked;
  return found;
end;
$$;

comment on function cc_private.try_lock_conversation(uuid) is 'Locks the conversation if nobody else has; false otherwise.';
revoke all on function cc_private.try_lock_conversation(uuid) from public, anon, authenticated, service_role;

create table cc_private.sweep_errors (
  id uuid primary key default gen_random_uuid(),
  step text not null,
  row_id uuid,
  error_code text not null,
  happened_at timestamptz not null,
  happened_count bigint not null default 1,

  constraint sweep_errors_row_key unique nulls not distinct (step, row_id)
);

comment on table cc_private.sweep_errors is 'Rows that a sweep had to leave as they are, each once, with the last error and how often: for the operator.';
alter table cc_private.sweep_errors enable row level security;
create policy "the api reads nothing here" on cc_private.sweep_errors
  for all to anon, authenticated using (false);

create function cc_private.report_sweep_error(step text, row_id uuid, error_code text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into cc_private.sweep_errors as known (step, row_id, error_code, happened_at)
  values (
    report_sweep_error.step, report_sweep_error.row_id, report_sweep_error.error_code, clock_timestamp()
  )
  on conflict on constraint sweep_errors_row_key do update
  set error_code = excluded.error_code, happened_at = excluded.happened_at,
    happened_count = known.happened_count + 1;
  perform cc_private.raise_alert('sweep_failed', format(
    'the sweep could not %s for %s (%s)', replace(step, '_', ' '), row_id, error_code
  ));
end;
$$;

comment on function cc_private.report_sweep_error(text, uuid, text) is 'Keeps what one row of a sweep failed with, and raises an alert.';
revoke all on function cc_private.report_sweep_error(text, uuid, text) from public, anon, authenticated, service_role;
