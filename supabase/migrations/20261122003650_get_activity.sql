-- What happened in each minute, for small plots. The audit has no index over its time, and needs none:
-- its ids grow with it, so the first row of a time is found by halving.

create function cc_private.first_audit_id(at timestamptz)
returns bigint
language plpgsql
stable
set search_path = ''
as $$
declare
  low bigint := coalesce((select min(entry.id) from public.cc_audit_logs as entry), 0);
  high bigint := coalesce((select max(entry.id) from public.cc_audit_logs as entry), 0) + 1;
  middle record;
begin
  while low < high loop
    select entry.id, entry.created_at into middle
    from public.cc_audit_logs as entry
    where entry.id >= (low + high) / 2
    order by entry.id
    limit 1;
    if middle.created_at < first_audit_id.at then
      low := middle.id + 1;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return low;
end;
$$;

comment on function cc_private.first_audit_id(timestamptz) is 'The id at which the record of this time begins.';
revoke all on function cc_private.first_audit_id(timestamptz) from public, anon, authenticated, service_role;

create function public.get_activity(since timestamptz, until timestamptz default now())
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '7s'
set lock_timeout = '2s'
as $$
  -- Ids are given before they are committed, so a row may stand a few seconds off its place.
  with entry as (
    select
      date_trunc('minute', audited.created_at) as minute, audited.event_type, audited.actor_type,
      audited.output_redacted ? 'reason' as has_reason,
      (audited.output_redacted ->> 'waited_ms')::bigint as waited_ms
    from public.cc_audit_logs as audited
    where audited.id >= cc_private.first_audit_id(
        greatest(get_activity.since, get_activity.until - interval '1 hour') - interval '15 seconds'
      )
      and audited.id < cc_private.first_audit_id(get_activity.until + interval '15 seconds')
      and audited.created_at >= greatest(get_activity.since, get_activity.until - interval '1 hour')
      and audited.created_at < get_activity.until
  ), counted as (
    select
      entry.minute,
      count(*) filter (where event_type = 'message_persisted' and actor_type <> 'human') as inbound,
      count(*) filter (where event_type = 'reply_sent') as handed_over,
      count(*) filter (where event_type = 'reply_uncertain') as uncertain,
      count(*) filter (where event_type = 'reply_refused') as refused,
      count(*) filter (where event_type = 'turn_answered' and not has_reason) as answered,
      count(*) filter (where event_type = 'turn_answered' and has_reason) as silent,
      count(*) filter (where event_type = 'turn_failed') as failed,
      count(*) filter (where event_type = 'turn_died') as dead,
      percentile_disc(0.5) within group (order by entry.waited_ms) as waited_p50_ms,
      percentile_disc(0.99) within group (order by entry.waited_ms) as waited_p99_ms
    from entry
    group by entry.minute
  )
  select coalesce(jsonb_agg(to_jsonb(counted) order by counted.minute), '[]') from counted
$$;

comment on function public.get_activity(timestamptz, timestamptz) is 'For each minute in which something happened, within an hour before until: messages in, sends by outcome, turns by their end, and the median and 99th percentile of the time from the customers word to Twilios answer, in milliseconds. Definer: callers have no grant on any table.';
revoke all on function public.get_activity(timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function public.get_activity(timestamptz, timestamptz) to service_role;

create function public.list_alerts()
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'kind', alert.kind, 'text', alert.text, 'raised_at', alert.raised_at, 'raised_count', alert.raised_count
  ) order by alert.raised_at desc), '[]')
  from cc_private.alerts as alert
$$;

comment on function public.list_alerts() is 'The last alert of each kind, the newest first, and how often one was sent. Definer: callers have no grant on any table.';
revoke all on function public.list_alerts() from public, anon, authenticated;
grant execute on function public.list_alerts() to service_role;
