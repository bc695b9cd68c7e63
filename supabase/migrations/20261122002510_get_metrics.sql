-- What a monitor is told: the totals, and what waits now.

create function cc_private.gauges()
returns table (name text, label text, value numeric)
language sql
stable
set search_path = ''
as $$
  select 'turns', waiting.state, count(turn.id)::numeric
  from unnest(array['pending', 'running', 'retrying']) as waiting (state)
  left join public.cc_turns as turn
    on turn.state = waiting.state and turn.state in ('pending', 'running', 'retrying')
  group by waiting.state
  union all
  select 'sends', waiting.state, count(message.id)::numeric
  from unnest(array['ready', 'sending', 'uncertain']) as waiting (state)
  left join public.cc_messages as message
    on message.send_state = waiting.state and message.send_state in ('ready', 'sending', 'uncertain')
  group by waiting.state
  union all
  -- Those of the agent are the rest: counting them one by one would read every row.
  select 'conversations', counted.handler, counted.number
  from (
    select count(*) as total, (
      select count(*) from public.cc_conversations as handled
      where handled.handler = 'human' and handled.status = 'active'
    ) as human
    from public.cc_conversations as conversation
    where conversation.status = 'active'
  ) as active, lateral (
    values ('human', active.human), ('agent', active.total - active.human)
  ) as counted (handler, number)
  union all
  select 'waiting_for_person', '', count(*)
  from public.cc_turns as turn
  where turn.state = 'pending' and turn.due_at is null
  union all
  select 'oldest_unanswered_seconds', '', coalesce(
    extract(epoch from statement_timestamp() - cc_private.oldest_unanswered_at()), 0
  )
  union all
  select 'sync_last_reading_timestamp_seconds', '', coalesce(
    round(extract(epoch from min(reading.completed_at)), 3), 0
  )
  from cc_private.configured_readings() as reading
$$;

comment on function cc_private.gauges() is 'What waits now.';
revoke all on function cc_private.gauges() from public, anon, authenticated, service_role;

create function public.get_metrics()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '7s'
set lock_timeout = '2s'
as $$
begin
  perform cc_private.add_up_metrics();
  return (
    select jsonb_agg(
      jsonb_build_object('name', metric.name, 'label', metric.label, 'value', metric.value)
      order by metric.name, metric.label
    )
    from (
      select total.name, total.label, total.value::numeric from cc_private.metric_totals as total
      union all
      select gauge.name, gauge.label, gauge.value from cc_private.gauges() as gauge
    ) as metric (name, label, value)
  );
end;
$$;

comment on function public.get_metrics() is 'Counters since the installation (fifteen seconds behind) and gauges of now, as name, label, value. Definer: callers have no grant on any table.';
revoke all on function public.get_metrics() from public, anon, authenticated;
grant execute on function public.get_metrics() to service_role;
