-- Whether all is well, in one question that a monitor can ask every few seconds.

create function public.get_health()
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  with reasons as (
    select trouble.kind, trouble.text from cc_private.troubles() as trouble
    union all
    select 'sweep_stopped', format('the sweep has not run since %s', heartbeat.beat_at)
    from cc_private.heartbeats as heartbeat
    where heartbeat.name = 'sweep' and heartbeat.beat_at < clock_timestamp() - interval '1 minute'
    union all
    select 'secret_missing', format('secret "%s" is not in Vault', needed.name)
    from unnest(array[
      'orchestrator_url', 'orchestrator_key', 'sync_url', 'sync_key', 'media_url', 'media_key',
      'erasure_key'
    ]) as needed (name)
    where not exists (
      select from vault.secrets as secret where secret.name = needed.name
    )
  )
  select jsonb_build_object(
    'status', case when count(*) = 0 then 'ok' else 'failing' end,
    'reasons', coalesce(
      jsonb_agg(jsonb_build_object('kind', reasons.kind, 'text', reasons.text) order by reasons.kind),
      '[]'
    )
  )
  from reasons
$$;

comment on function public.get_health() is 'Status ok or failing, with the reasons. Definer: callers have no grant on any table.';
revoke all on function public.get_health() from public, anon, authenticated;
grant execute on function public.get_health() to service_role;
