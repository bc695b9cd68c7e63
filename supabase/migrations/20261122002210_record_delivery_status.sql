-- What Twilio reports about a message of ours, in any order and any number of times. The callback's URL
-- carries our message id, so it also settles a send whose answer we never saw.

create function cc_private.find_reported_message(message_id uuid, provider text, provider_message_id text)
returns public.cc_messages
language plpgsql
volatile
set search_path = ''
as $$
begin
  return cc_private.lock_owner(
    coalesce(
      (
        select message.id
        from public.cc_messages as message
        where message.provider = find_reported_message.provider
          and message.provider_message_id = find_reported_message.provider_message_id
          -- The callback of ours that the sync took for another system's names its owner.
          and (message.recovered_at is null or not exists (
            select
            from public.cc_messages as owner
            where owner.id = find_reported_message.message_id and owner.direction = 'outbound'
          ))
      ),
      message_id
    ),
    array[provider_message_id]
  );
end;
$$;

comment on function cc_private.find_reported_message(uuid, text, text) is 'The message that a report is about, locked: by Twilio''s id, else by ours.';
revoke all on function cc_private.find_reported_message(uuid, text, text) from public, anon, authenticated, service_role;

create function cc_private.raise_delivery_status(
  message public.cc_messages,
  delivery_status text,
  error_code text,
  error_message text,
  is_refresh boolean
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_messages as reported
  set delivery_status = raise_delivery_status.delivery_status,
    error_code = raise_delivery_status.error_code,
    error_message = raise_delivery_status.error_message,
    updated_at = now()
  where reported.id = message.id
    and cc_private.delivery_rank(raise_delivery_status.delivery_status)
      > cc_private.delivery_rank(reported.delivery_status);
  if not found then
    return false;
  end if;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'delivery_status_changed', 'provider', message.id,
    input => case when is_refresh then '{"reason": "refreshed"}'::jsonb else '{}' end,
    output => jsonb_build_object(
      'seq', message.seq, 'delivery_status', raise_delivery_status.delivery_status
    ),
    error_code => raise_delivery_status.error_code
  ));
  perform cc_private.heed_blocked_send(message, raise_delivery_status.error_code);
  return true;
end;
$$;

comment on function cc_private.raise_delivery_status(public.cc_messages, text, text, text, boolean) is 'Takes over a status of higher rank; false when it was no news.';
revoke all on function cc_private.raise_delivery_status(public.cc_messages, text, text, text, boolean) from public, anon, authenticated, service_role;

create function public.record_delivery_status(
  provider_message_id text,
  delivery_status text,
  message_id uuid default null,
  error_code text default null,
  error_message text default null,
  provider text default 'twilio',
  signature text default null,
  is_refresh boolean default false
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
-- As ingest_inbound_message: planned anew, a claim took 1.25 times as long, a delivery status 1.35 times.
set plan_cache_mode = 'force_generic_plan'
set enable_seqscan = off
set jit = off
as $$
declare
  message public.cc_messages;
begin
  -- The same signed bytes, also with another id or status carved out of them, bring nothing new.
  if not cc_private.take_signature(record_delivery_status.signature) then
    return jsonb_build_object('outcome', 'no_news');
  end if;
  message := cc_private.find_reported_message(message_id, provider, provider_message_id);
  if message.id is null or message.direction = 'inbound' then
    return jsonb_build_object('outcome', 'unknown_message');
  end if;
  if message.send_state <> 'handed_over' then
    perform cc_private.hand_over_send(message, record_delivery_status.provider_message_id, null);
    perform cc_private.ring_for_rest(message.conversation_id);
  elsif message.provider_message_id is distinct from record_delivery_status.provider_message_id then
    perform cc_private.report_doubled(message, record_delivery_status.provider_message_id);
    return jsonb_build_object('outcome', 'doubled');
  end if;

  return jsonb_build_object('outcome', case
    when cc_private.raise_delivery_status(
      message, record_delivery_status.delivery_status,
      record_delivery_status.error_code, record_delivery_status.error_message,
      record_delivery_status.is_refresh
    ) then 'recorded' else 'no_news'
  end);
end;
$$;

comment on function public.record_delivery_status(text, text, uuid, text, text, text, text, boolean) is 'Records a status callback, or what the sync was told when it asked (is_refresh): outcome recorded, no_news (a repeat, or a lower rank), unknown_message or doubled; a callback for a send in doubt settles it. Definer: callers have no grant on any table.';
revoke all on function public.record_delivery_status(text, text, uuid, text, text, text, text, boolean) from public, anon, authenticated;
grant execute on function public.record_delivery_status(text, text, uuid, text, text, text, text, boolean) to service_role;
