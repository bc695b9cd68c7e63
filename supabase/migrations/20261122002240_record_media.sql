-- What became of a claimed file. Only the newest holder of the lease may say.

create function cc_private.store_media(media public.cc_media, byte_size integer, content_type text)
returns text
language sql
volatile
set search_path = ''
as $$
  update public.cc_media as stored
  set state = 'stored', due_at = null, error_code = null, finished_at = clock_timestamp(),
    storage_path = cc_private.media_path(stored),
    byte_size = store_media.byte_size,
    content_type = coalesce(store_media.content_type, stored.content_type)
  where stored.id = media.id
  returning 'stored'
$$;

comment on function cc_private.store_media(public.cc_media, integer, text) is 'The content lies in the bucket.';
revoke all on function cc_private.store_media(public.cc_media, integer, text) from public, anon, authenticated, service_role;

create function cc_private.fail_media(media public.cc_media, error_code text, is_final boolean)
returns text
language sql
volatile
set search_path = ''
as $$
  with verdict as (
    select is_final or media.failure_count + 1 >= settings.max_media_failures as is_over
    from public.cc_settings as settings
  )
  update public.cc_media as failing
  set state = case when verdict.is_over then 'failed' else 'waiting' end,
    failure_count = media.failure_count + 1,
    error_code = coalesce(fail_media.error_code, 'unknown'),
    due_at = case
      when not verdict.is_over then clock_timestamp() + cc_private.backoff(media.failure_count + 1)
    end,
    finished_at = case when verdict.is_over then clock_timestamp() end
  from verdict
  where failing.id = media.id
  returning case when verdict.is_over then 'failed' else 'postponed' end
$$;

comment on function cc_private.fail_media(public.cc_media, text, boolean) is 'The file is tried again later, or given up: for good reasons at once, else when its failures are used up.';
revoke all on function cc_private.fail_media(public.cc_media, text, boolean) from public, anon, authenticated, service_role;

create function public.record_media(
  media_id uuid,
  attempt integer,
  outcome text,
  byte_size integer default null,
  content_type text default null,
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
declare
  media public.cc_media;
begin
  select locked.* into media
  from public.cc_media as locked
  where locked.id = record_media.media_id
  for update;

  if media.id is null then
    return jsonb_build_object('outcome', 'erased');
  elsif media.attempt = record_media.attempt and media.state = 'stored' and outcome = 'stored' then
    return jsonb_build_object('outcome', 'stored');
  elsif media.state is distinct from 'fetching' or media.attempt is distinct from record_media.attempt then
    return jsonb_build_object('outcome', 'lease_lost');
  elsif outcome = 'stored' then
    return jsonb_build_object('outcome', cc_private.store_media(
      media, record_media.byte_size, record_media.content_type
    ));
  elsif outcome in ('postponed', 'failed') then
    return jsonb_build_object('outcome', cc_private.fail_media(
      media, record_media.error_code, is_final => outcome = 'failed'
    ));
  end if;
  raise exception 'Cannot record media %: outcome "%" is unknown', media_id, outcome
    using errcode = 'SB003', hint = 'Use stored, postponed or failed.';
end;
$$;

comment on function public.record_media(uuid, integer, text, integer, text, text) is 'Records how fetching a claimed file ended: stored, postponed (tried again later, until its failures are used up) or failed; answers stored, postponed, failed, lease_lost, or erased (there is no such file any more). Definer: callers have no grant on any table.';
revoke all on function public.record_media(uuid, integer, text, integer, text, text) from public, anon, authenticated;
grant execute on function public.record_media(uuid, integer, text, integer, text, text) to service_role;
