begin;
select plan(2);

-- SETUP
-- One of each kind, a minute ago.
select public.get_metrics();
update cc_private.metric_cursor set last_audit_id = coalesce((select max(id) from public.cc_audit_logs), 0) where id;
delete from cc_private.metric_totals where name is not null;
insert into public.cc_audit_logs (
  actor_type, event_type, input_redacted, output_redacted, success, error_code, created_at, previous_hash, hash
)
select 'system', event_type, '{}', output, error_code is null, error_code,
  clock_timestamp() - interval '1 minute', '\x', '\x'
from (values
  ('message_persisted', '{}'::jsonb, null),
  ('message_recovered', '{}', null),
  ('message_taken_over', '{}', null),
  ('orchestrator_triggered', '{}', null),
  ('orchestrator_trigger_failed', '{}', 'http_500'),
  ('turn_claimed', '{}', null),
  ('turn_answered', '{
    "worked_ms": 40, "agent": "openai", "input_tokens": 100, "output_tokens": 10, "cost_micros": 45,
    "tool_call_count": 2
  }', null),
  ('turn_answered', '{"worked_ms": 40, "reason": "nothing_to_say"}', null),
  ('turn_failed', '{"input_tokens": 7}', 'model_down'),
  ('turn_died', '{}', 'model_down'),
  ('turn_replayed', '{}', null),
  ('reply_sent', '{"waited_ms": 40}', null),
  ('reply_uncertain', '{}', 'timed_out'),
  ('reply_refused', '{}', '21610'),
  ('delivery_status_changed', '{"delivery_status": "read"}', null),
  ('webhook_processing_failed', '{}', 'from_missing'),
  ('customer_rate_limited', '{}', null)
) as event (event_type, output, error_code);
create temp table metric as
select found.*
from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric);

-- TEST
select set_eq(
  $$ select name, label, value from metric where name ~ '_total$' $$,
  $$
    values ('audit_rows_total', '', 17::numeric), ('messages_total', 'inbound', 1),
      ('messages_total', 'outbound', 1), ('dispatches_total', 'triggered', 1),
      ('dispatches_total', 'failed', 1), ('turns_total', 'claimed', 1), ('turns_total', 'answered', 1),
      ('turns_total', 'silent', 1), ('turns_total', 'dead', 1), ('turns_total', 'replayed', 1),
      ('turn_failures_total', 'model_down', 1), ('sends_total', 'handed_over', 1),
      ('sends_total', 'uncertain', 1), ('sends_total', 'refused', 1), ('deliveries_total', 'read', 1),
      ('webhooks_rejected_total', '', 1), ('customers_rate_limited_total', '', 1),
      ('messages_recovered_total', '', 1), ('messages_taken_over_total', '', 1),
      ('answers_total', 'openai', 1), ('model_tokens_total', 'input', 107),
      ('model_tokens_total', 'output', 10), ('model_cost_micros_total', '', 45), ('tool_calls_total', '', 2)
  $$,
  'each event counts where it belongs'
);
select is(
  (select count(*) from metric), (select count(distinct (name, label)) from metric), 'each counter is there once'
);

select * from finish();
rollback;
