-- The one place that decides what may enter the audit. An allow-list: a fact passes only under a known
-- name and in the form that this name can have; everything else never enters.

create function cc_private.redact(facts jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(fact.key, fact.value), '{}')
  from jsonb_each(redact.facts) as fact
  where case
    when fact.key in ('turn_id', 'replayed_as', 'rejected_webhook_id', 'customer_id', 'merged_customer_id')
      then fact.value #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    when fact.key in ('message_sid')
      then fact.value #>> '{}' ~ '^(SM|MM)[0-9a-fA-F]{32}$'
    when fact.key in ('provider', 'channel', 'kind', 'reason', 'agent', 'turn')
      then fact.value #>> '{}' ~ '^[a-z][a-z_-]{0,39}$'
    when fact.key in ('delivery_status')
      -- It comes from outside: a word that Twilio does not have may be anything.
      then fact.value #>> '{}' in (
        'accepted', 'scheduled', 'queued', 'sending', 'sent', 'partially_delivered', 'failed',
        'undelivered', 'canceled', 'delivered', 'read', 'receiving', 'received'
      )
    when fact.key in (
      'seq', 'attempt', 'failure_count', 'media_count', 'body_length', 'part_count', 'message_count',
      'parameter_count', 'due_in_ms', 'waited_ms', 'worked_ms', 'request_id',
      'input_tokens', 'output_tokens', 'cost_micros', 'tool_call_count'
    )
      then jsonb_typeof(fact.value) = 'number'
    when fact.key in ('has_acknowledgement')
      then jsonb_typeof(fact.value) = 'boolean'
    else false
  end
$$;

comment on function cc_private.redact(jsonb) is 'What of these facts may be recorded: ids, kinds, counts, lengths and codes under their known names.';
revoke all on function cc_private.redact(jsonb) from public, anon, authenticated, service_role;
