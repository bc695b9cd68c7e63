-- Handing out the lowest unsettled outbound message of a conversation to one sender. What opt-out or
-- the 24 h window now forbid is refused here, since both may have changed while it waited.

create function cc_private.next_send(conversation_id uuid)
returns public.cc_messages
language plpgsql
volatile
set search_path = ''
as $$
begin
  return (
    select message
    from public.cc_messages as message
    where message.conversation_id = next_send.conversation_id
      and message.send_state in ('ready', 'sending', 'uncertain')
    order by message.seq
    limit 1
  );
end;
$$;

comment on function cc_private.next_send(uuid) is 'The lowest message of the conversation that is still to be sent or settled.';
revoke all on function cc_private.next_send(uuid) from public, anon, authenticated, service_role;

create function cc_private.next_allowed_send(conversation_id uuid)
returns public.cc_messages
language plpgsql
volatile
set search_path = ''
as $$
declare
  message public.cc_messages;
  reason text;
begin
  loop
    message := cc_private.next_send(conversation_id);
    if message.send_state = 'sending' and message.send_lease_until <= clock_timestamp() then
      perform cc_private.doubt_send(message, 'lease_expired');
      return cc_private.next_send(conversation_id);
    end if;
    reason := case when message.send_state = 'ready' then cc_private.refusal_reason(message) end;
    if reason is null then
      return message;
    end if;
    perform cc_private.refuse_send(message, reason);
  end loop;
end;
$$;

comment on function cc_private.next_allowed_send(uuid) is 'The next message after those are refused which may no longer be sent, and an expired one is in doubt.';
revoke all on function cc_private.next_allowed_send(uuid) from public, anon, authenticated, service_role;

create function cc_private.start_send(message public.cc_messages)
returns public.cc_messages
language plpgsql
volatile
set search_path = ''
as $$
declare
  started public.cc_messages;
begin
  update public.cc_messages as starting
  set send_state = 'sending',
    send_attempt = starting.send_attempt + 1,
    send_due_at = null,
    send_claimed_at = clock_timestamp(),
    content_sid = cc_private.template_to_send(starting),
    send_lease_until = clock_timestamp() + (
      select settings.send_lease_seconds * interval '1 second' from public.cc_settings as settings
    ),
    error_code = null,
    error_message = null,
    updated_at = now()
  where starting.id = message.id
  returning starting.* into started;
  return started;
exception when unique_violation then
  return null; -- Another conversation's message to the same address is on its way or uncertain.
end;
$$;

comment on function cc_private.start_send(public.cc_messages) is 'Gives the message a lease and the next attempt; null while another one to the same address is in flight.';
revoke all on function cc_private.start_send(public.cc_messages) from public, anon, authenticated, service_role;

create function public.claim_send(conversation_id uuid)
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
  perform 1 from public.cc_conversations as locked
  where locked.id = claim_send.conversation_id
  for update;

  message := cc_private.next_allowed_send(conversation_id);
  if message.id is null then
    return jsonb_build_object('outcome', 'nothing_ready');
  elsif message.send_state = 'sending' then
    return jsonb_build_object('outcome', 'busy');
  elsif message.send_state = 'uncertain' then
    return jsonb_build_object('outcome', 'uncertain');
  elsif message.send_due_at > clock_timestamp() then
    return jsonb_build_object('outcome', 'not_due')
      || cc_private.remaining_ms('due_in_ms', message.send_due_at);
  end if;

  message := cc_private.start_send(message);
  if message.id is null then
    return jsonb_build_object('outcome', 'busy');
  end if;
  return jsonb_build_object(
    'outcome', 'claimed',
    'message_id', message.id,
    'attempt', message.send_attempt,
    'from_address', message.from_address,
    'to_address', message.to_address,
    'body_text', message.body_text,
    -- As text: the names of the variables are the template's own.
    'template', case when message.content_sid is not null then jsonb_build_object(
      'content_sid', message.content_sid,
      'content_variables', cc_private.content_variables(message.body_text)::text
    ) end
  ) || cc_private.remaining_ms('lease_ms', message.send_lease_until);
end;
$$;

comment on function public.claim_send(uuid) is 'Hands out the conversation''s lowest unsettled outbound message for the length of the lease: outcome claimed, or nothing_ready, busy, uncertain, not_due. Definer: callers have no grant on any table.';
revoke all on function public.claim_send(uuid) from public, anon, authenticated;
grant execute on function public.claim_send(uuid) to service_role;
