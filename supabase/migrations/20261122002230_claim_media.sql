-- Handing out files to be fetched, each to one worker at a time. No conversation is locked: a file
-- concerns nobody but its fetcher, and rows that somebody else holds are skipped.

create function cc_private.media_lease()
returns interval
language sql
immutable
set search_path = ''
as $$
  select interval '90 seconds'
$$;

comment on function cc_private.media_lease() is 'How long a claimed file belongs to its worker: fetching and storing take at most 60 s.';
revoke all on function cc_private.media_lease() from public, anon, authenticated, service_role;

create function cc_private.media_path(media public.cc_media)
returns text
language sql
stable
set search_path = ''
as $$
  select format('%s/%s/%s', message.conversation_id, message.id, media.position)
  from public.cc_messages as message
  where message.id = media.message_id
$$;

comment on function cc_private.media_path(public.cc_media) is 'Where the file''s content belongs in the bucket: the same at every attempt, and nothing of the customer in it.';
revoke all on function cc_private.media_path(public.cc_media) from public, anon, authenticated, service_role;

create function cc_private.take_media(maximum integer)
returns setof public.cc_media
language sql
volatile
set search_path = ''
as $$
  with due as (
    select media.id, media.failure_count + (media.state = 'fetching')::integer as failure_count
    from public.cc_media as media
    where media.state in ('waiting', 'fetching') and media.due_at <= clock_timestamp()
    order by media.due_at
    limit least(maximum, 20)
    for update skip locked
  )
  -- A lease that ended is a failure: what kills its worker each time is given up in the end.
  update public.cc_media as media
  set state = case when due.failure_count < settings.max_media_failures then 'fetching' else 'failed' end,
    attempt = media.attempt + 1,
    failure_count = due.failure_count,
    due_at = case
      when due.failure_count < settings.max_media_failures
      then clock_timestamp() + cc_private.media_lease()
    end,
    error_code = case when media.state = 'fetching' then 'lease_expired' else media.error_code end,
    finished_at = case
      when due.failure_count >= settings.max_media_failures then clock_timestamp()
    end
  from due, public.cc_settings as settings
  where media.id = due.id
  returning media.*
$$;

comment on function cc_private.take_media(integer) is 'Gives due files a lease and the next attempt; those whose leases used up their failures are failed.';
revoke all on function cc_private.take_media(integer) from public, anon, authenticated, service_role;

create function public.claim_media(maximum integer)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'media_id', taken.id,
    'attempt', taken.attempt,
    'url', taken.url,
    'content_type', taken.content_type,
    'storage_path', cc_private.media_path(taken)
  )), '[]')
  from cc_private.take_media(maximum) as taken
  where taken.state = 'fetching'
$$;

comment on function public.claim_media(integer) is 'Hands out up to so many due files, each for the length of a lease; an empty list when none is due. Definer: callers have no grant on any table.';
revoke all on function public.claim_media(integer) from public, anon, authenticated;
grant execute on function public.claim_media(integer) to service_role;
