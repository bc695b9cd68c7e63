-- Counters and histograms are sums over the audit, which has every step already: nothing is counted on the
-- way of a message. What came since the last question is added to totals, so that a question costs
-- what happened since, not what ever happened.

create table cc_private.metric_totals (
  name text not null,
  label text not null default '',
  value bigint not null,

  primary key (name, label)
);

comment on table cc_private.metric_totals is 'Counters since the installation; label is the one label''s value, or a histogram''s bound.';
alter table cc_private.metric_totals enable row level security;
create policy "the api reads nothing here" on cc_private.metric_totals
  for all to anon, authenticated using (false);

create table cc_private.metric_cursor (
  id boolean primary key default true constraint only_one_row check (id),
  last_audit_id bigint not null default 0
);

insert into cc_private.metric_cursor default values;
comment on table cc_private.metric_cursor is 'How far the audit is in the totals.';
alter table cc_private.metric_cursor enable row level security;
create policy "the api reads nothing here" on cc_private.metric_cursor
  for all to anon, authenticated using (false);

create function cc_private.metrics_of(entry public.cc_audit_logs)
returns table (name text, label text, value bigint)
language sql
immutable
set search_path = ''
as $$
  select 'audit_rows_total', '', 1::bigint
  union all
  select counted.name, coalesce(counted.label, ''), 1
  from (values
    ('messages_total', 'inbound', entry.event_type = 'message_persisted' and entry.actor_type <> 'human'),
    ('messages_total', 'outbound', entry.event_type = 'reply_sent'),
    ('turns_total', 'claimed', entry.event_type = 'turn_claimed'),
    ('turns_total', 'answered', entry.event_type = 'turn_answered' and not entry.output_redacted ? 'reason'),
    ('turns_total', 'silent', entry.event_type = 'turn_answered' and entry.output_redacted ? 'reason'),
    ('turns_total', 'dead', entry.event_type = 'turn_died'),
    ('turns_total', 'replayed', entry.event_type = 'turn_replayed'),
    ('turn_failures_total', entry.error_code, entry.event_type = 'turn_failed'),
    ('sends_total', 'handed_over', entry.event_type = 'reply_sent'),
    ('sends_total', 'uncertain', entry.event_type = 'reply_uncertain'),
    ('sends_total', 'refused', entry.event_type = 'reply_refused'),
    ('deliveries_total', entry.output_redacted ->> 'delivery_status',
      entry.event_type = 'delivery_status_changed'),
    ('dispatches_total', 'triggered', entry.event_type = 'orchestrator_triggered'),
    ('dispatches_total', 'failed', entry.event_type = 'orchestrator_trigger_failed'),
    ('webhooks_rejected_total', '', entry.event_type = 'webhook_processing_failed'),
    ('hand_overs_total', entry.actor_type, entry.event_type = 'conversation_handed_over'),
    ('conversations_closed_total', '', entry.event_type = 'conversation_closed'),
    ('messages_recovered_total', '', entry.event_type = 'message_recovered'),
    ('messages_taken_over_total', '', entry.event_type = 'message_taken_over'),
    ('statuses_refreshed_total', '', entry.event_type = 'delivery_status_changed'
      and entry.input_redacted ->> 'reason' = 'refreshed'),
    ('customers_rate_limited_total', '', entry.event_type = 'customer_rate_limited')
  ) as counted (name, label, applies)
  where counted.applies
  union all
  select spent.name, spent.label, spent.value
  from (values
    ('model_tokens_total', 'input', (entry.output_redacted ->> 'input_tokens')::bigint),
    ('model_tokens_total', 'output', (entry.output_redacted ->> 'output_tokens')::bigint),
    ('model_cost_micros_total', '', (entry.output_redacted ->> 'cost_micros')::bigint),
    ('tool_calls_total', '', (entry.output_redacted ->> 'tool_call_count')::bigint)
  ) as spent (name, label, value)
  where spent.value > 0
  union all
  select answered.name, answered.label, 1
  from (values ('answers_total', entry.output_redacted ->> 'agent')) as answered (name, label)
  where entry.event_type = 'turn_answered' and answered.label is not null
  union all
  select measured.name || '_sum', '', measured.ms
  from (values
    ('reply_latency_ms', (entry.output_redacted ->> 'waited_ms')::bigint),
    ('turn_work_ms', (entry.output_redacted ->> 'worked_ms')::bigint)
  ) as measured (name, ms)
  where measured.ms is not null
  union all
  select measured.name || '_bucket', bound.text, (measured.ms <= bound.ms)::integer
  from (values
    ('reply_latency_ms', (entry.output_redacted ->> 'waited_ms')::bigint),
    ('turn_work_ms', (entry.output_redacted ->> 'worked_ms')::bigint)
  ) as measured (name, ms),
  (values
    ('0.1', 100), ('0.25', 250), ('0.5', 500), ('1', 1000), ('2.5', 2500), ('5', 5000), ('10', 10000),
    ('30', 30000), ('60', 60000), ('300', 300000), ('+Inf', 9223372036854775807)
  ) as bound (text, ms)
  where measured.ms is not null
$$;

comment on function cc_private.metrics_of(public.cc_audit_logs) is 'What one row of the audit adds to which counter.';
revoke all on function cc_private.metrics_of(public.cc_audit_logs) from public, anon, authenticated, service_role;

create function cc_private.add_up_metrics()
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  from_id bigint;
  to_id bigint;
begin
  select metric_cursor.last_audit_id into strict from_id
  from cc_private.metric_cursor as metric_cursor
  for update;
  -- Ids are given before they are committed. After fifteen seconds no transaction is under way that
  -- could still bring a lower one: every function that writes ends sooner.
  select max(entry.id) into to_id
  from (
    select audited.id, audited.created_at
    from public.cc_audit_logs as audited
    where audited.id > from_id
    order by audited.id
    limit 50000
  ) as entry
  where entry.created_at < clock_timestamp() - interval '15 seconds';

  insert into cc_private.metric_totals as total (name, label, value)
  select metric.name, metric.label, sum(metric.value)
  from public.cc_audit_logs as audited, cc_private.metrics_of(audited) as metric
  where audited.id > from_id and audited.id <= to_id
  group by metric.name, metric.label
  on conflict on constraint metric_totals_pkey do update
  set value = total.value + excluded.value;

  update cc_private.metric_cursor as metric_cursor
  set last_audit_id = coalesce(to_id, from_id)
  where metric_cursor.id;
end;
$$;

comment on function cc_private.add_up_metrics() is 'Adds to the totals what the audit holds since the last time, up to fifteen seconds ago.';
revoke all on function cc_private.add_up_metrics() from public, anon, authenticated, service_role;
