-- The one place that decides what may enter the audit. An allow-list: a fact passes only under a known
-- name and in the form that this name can have; everything else never enters. What every message records
-- is built from typed values, so that only its words have to be looked at (15 us instead of 130).

create function cc_private.redact_each(facts jsonb[])
returns jsonb[]
language plpgsql
immutable
set search_path = ''
as $$
declare
  forms constant jsonb := '{
    "turn_id": "id", "replayed_as": "id", "rejected_webhook_id": "id", "customer_id": "id",
    "merged_customer_id": "id",
    "message_sid": "sid",
    "provider": "word", "channel": "word", "kind": "word", "reason": "word", "agent": "word", "turn": "word",
    "delivery_status": "delivery_status",
    "seq": "number", "attempt": "number", "failure_count": "number", "media_count": "number",
    "body_length": "number", "part_count": "number", "message_count": "number",
    "parameter_count": "number", "due_in_ms": "number", "waited_ms": "number", "worked_ms": "number",
    "request_id": "number", "input_tokens": "number", "output_tokens": "number", "cost_micros": "number",
    "tool_call_count": "number",
    "has_acknowledgement": "boolean"
  }'::jsonb;
  redacted jsonb[] := facts;
begin
  -- One after the other, and those without facts not at all: an event takes 42 us, where one query for all of
  -- them took 56. And ids are compared without a regular expression, which costs three times as much.
  for place in 1 .. cardinality(facts) loop
    continue when facts[place] = '{}';
    redacted[place] := (
      select coalesce(jsonb_object_agg(fact.key, fact.value), '{}')
      from jsonb_each(facts[place]) as fact
      where case forms ->> fact.key
        when 'number' then jsonb_typeof(fact.value) = 'number'
        when 'id' then fact.value #>> '{}' like '________-____-____-____-____________'
          and translate(fact.value #>> '{}', '0123456789abcdef', '') = '----'
        when 'word' then fact.value #>> '{}' ~ '^[a-z][a-z_-]{0,39}$'
        when 'sid' then fact.value #>> '{}' ~ '^[SM]M[0-9a-fA-F]{32}$'
        -- It comes from outside: a word that Twilio does not have may be anything.
        when 'delivery_status' then fact.value #>> '{}' in (
          'accepted', 'scheduled', 'queued', 'sending', 'sent', 'partially_delivered', 'failed',
          'undelivered', 'canceled', 'delivered', 'read', 'receiving', 'received'
        )
        when 'boolean' then jsonb_typeof(fact.value) = 'boolean'
        else false
      end
    );
  end loop;
  return redacted;
end;
$$;

comment on function cc_private.redact_each(jsonb[]) is 'What of each of these facts may be recorded: ids, kinds, counts, lengths and codes under their known names.';
revoke all on function cc_private.redact_each(jsonb[]) from public, anon, authenticated, service_role;

create function cc_private.inbound_facts(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return jsonb_strip_nulls(jsonb_build_object(
    'provider', substring(message.provider from '^[a-z][a-z_-]{0,39}$'),
    'message_sid', substring(message.provider_message_id from '^[SM]M[0-9a-fA-F]{32}$'),
    'kind', substring(message.body_json ->> 'kind' from '^[a-z][a-z_-]{0,39}$'),
    'body_length', length(message.body_text),
    'media_count', jsonb_array_length(coalesce(message.body_json -> 'media', '[]'))
  ));
end;
$$;

comment on function cc_private.inbound_facts(public.cc_messages) is 'What the audit says of an inbound message; a word that has not its form is left out.';
revoke all on function cc_private.inbound_facts(public.cc_messages) from public, anon, authenticated, service_role;
