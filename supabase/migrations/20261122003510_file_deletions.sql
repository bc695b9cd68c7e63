-- Stored files that have to go. They lie outside the database, so each is a row until Storage has said
-- that it is gone; the function `media` does it, rung as for fetching.

create table cc_private.file_deletions (
  id uuid primary key default gen_random_uuid(),
  storage_path text not null,
  customer_id uuid,
  attempt integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  error_code text,
  created_at timestamptz not null default now(),

  constraint file_deletions_storage_path_key unique (storage_path)
);

create index file_deletions_due_idx on cc_private.file_deletions (due_at);
-- What Storage goes on refusing raises an alert.
create index file_deletions_failing_idx on cc_private.file_deletions (id) where attempt >= 10;
create index file_deletions_customer_id_idx
  on cc_private.file_deletions (customer_id) where customer_id is not null;

comment on table cc_private.file_deletions is 'Files in the bucket cc-media that are to be deleted; a row goes when Storage says that its file is gone.';
comment on column cc_private.file_deletions.customer_id is 'Whose erasure asked for it; null: the file was too old.';
comment on column cc_private.file_deletions.attempt is 'The fencing token: it grows with each claim.';
comment on column cc_private.file_deletions.due_at is 'Claimable from then on; for one in work, the end of its lease.';
alter table cc_private.file_deletions enable row level security;
create policy "the api reads nothing here" on cc_private.file_deletions
  for all to anon, authenticated using (false);

create function cc_private.delete_media(message_ids uuid[], customer_id uuid)
returns void
language sql
volatile
set search_path = ''
as $$
  with gone as (
    delete from public.cc_media as media
    where media.message_id = any (delete_media.message_ids)
    returning media.*
  )
  -- Whoever fetches a file at this moment may still store it, until its lease ends.
  insert into cc_private.file_deletions (storage_path, customer_id, due_at)
  select
    cc_private.media_path(gone), delete_media.customer_id,
    case when gone.state = 'fetching' then greatest(gone.due_at, clock_timestamp()) else clock_timestamp() end
  from gone
  where gone.attempt > 0
  on conflict on constraint file_deletions_storage_path_key do update
  set due_at = excluded.due_at, customer_id = excluded.customer_id
$$;

comment on function cc_private.delete_media(uuid[], uuid) is 'Forgets the messages'' files, and notes for deletion what may lie in the bucket.';
revoke all on function cc_private.delete_media(uuid[], uuid) from public, anon, authenticated, service_role;

create function public.claim_file_deletions(maximum integer)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  with due as (
    select deletion.id
    from cc_private.file_deletions as deletion
    where deletion.due_at <= clock_timestamp()
    order by deletion.due_at
    limit least(maximum, 100)
    for update skip locked
  ),
  claimed as (
    update cc_private.file_deletions as deletion
    set attempt = deletion.attempt + 1, due_at = clock_timestamp() + cc_private.media_lease()
    from due
    where deletion.id = due.id
    returning deletion.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'deletion_id', claimed.id, 'attempt', claimed.attempt, 'storage_path', claimed.storage_path
  )), '[]')
  from claimed
$$;

comment on function public.claim_file_deletions(integer) is 'Hands out up to so many files that are to be deleted, each for the length of a lease. Definer: callers have no grant on any table.';
revoke all on function public.claim_file_deletions(integer) from public, anon, authenticated;
grant execute on function public.claim_file_deletions(integer) to service_role;

create function public.record_file_deletion(
  deletion_id uuid,
  attempt integer,
  outcome text,
  error_code text default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
begin
  if outcome = 'deleted' then
    delete from cc_private.file_deletions as deletion
    where deletion.id = record_file_deletion.deletion_id
      and deletion.attempt = record_file_deletion.attempt;
  elsif outcome = 'postponed' then
    update cc_private.file_deletions as deletion
    set due_at = clock_timestamp() + cc_private.backoff(deletion.attempt),
      error_code = cc_private.printable_code(record_file_deletion.error_code)
    where deletion.id = record_file_deletion.deletion_id
      and deletion.attempt = record_file_deletion.attempt;
  else
    raise exception 'Cannot record deletion %: outcome "%" is unknown', deletion_id, outcome
      using errcode = 'SB003', hint = 'Use deleted or postponed.';
  end if;
  return jsonb_build_object('outcome', case when found then record_file_deletion.outcome else 'lease_lost' end);
end;
$$;

comment on function public.record_file_deletion(uuid, integer, text, text) is 'Records how deleting a claimed file ended: deleted, or postponed (tried again later, for as long as it takes); answers deleted, postponed or lease_lost. Definer: callers have no grant on any table.';
revoke all on function public.record_file_deletion(uuid, integer, text, text) from public, anon, authenticated;
grant execute on function public.record_file_deletion(uuid, integer, text, text) to service_role;
