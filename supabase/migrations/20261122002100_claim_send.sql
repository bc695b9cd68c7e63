-- Handing out the lowest unsettled outbound message of a conversation to one sender. What opt-out or
-- the 24 h window now forbid is refused here, since both may have changed while it waited.

create function cc_private.is_outside_window(conversation public.cc_conversations)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select conversation.channel = 'whatsapp'
      and coalesce(conversation.last_inbound_at < now() - interval '24 hours', false)
  );
end;
$$;

comment on function cc_private.is_outside_window(public.cc_conversations) is 'Whether WhatsApp takes nothing but templates here: a day has gone by since the customer last wrote.';
revoke all on function cc_private.is_outside_window(public.cc_conversations) from public, anon, authenticated, service_role;

create function cc_private.refusal_reason(message public.cc_messages)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select case
      when cc_private.is_opted_out(conversation.id)
        and message.body_json ->> 'kind' is distinct from 'opt_out_confirmation' then 'opted_out'
      when cc_private.is_outside_window(conversation)
        and settings.outside_window_content_sid is null then 'outside_window'
    end
    from public.cc_conversations as conversation, public.cc_settings as settings
    where conversation.id = message.conversation_id
  );
end;
$$;

comment on function cc_private.refusal_reason(public.cc_messages) is 'Why this message must not be sent now; null when it may.';
revoke all on function cc_private.refusal_reason(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.template_to_send(message public.cc_messages)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select settings.outside_window_content_sid
    from public.cc_conversations as conversation, public.cc_settings as settings
    where conversation.id = message.conversation_id and cc_private.is_outside_window(conversation)
  );
end;
$$;

comment on function cc_private.template_to_send(public.cc_messages) is 'The template that must leave instead of the text now; null where the text may.';
revoke all on function cc_private.template_to_send(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.content_variables(body text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  -- WhatsApp refuses a variable with a line break in it, or with more than four spaces on end.
  return (
    select coalesce(jsonb_object_agg(variable.key, replace(
      variable.value, '{{text}}', btrim(regexp_replace(content_variables.body, '\s+', ' ', 'g'))
    )), '{}')
    from public.cc_settings as settings, jsonb_each_text(settings.outside_window_content_variables) as variable
  );
end;
$$;

comment on function cc_private.content_variables(text) is 'The variables of the template for the time outside the window, with this text where they ask for it.';
revoke all on function cc_private.content_variables(text) from public, anon, authenticated, service_role;

create function cc_private.refuse_send(message public.cc_messages, error_code text, error_message text default null)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_messages as refused
  set send_state = 'refused', send_lease_until = null, send_due_at = null, absent_since = null,
    updated_at = now(),
    error_code = refuse_send.error_code, error_message = refuse_send.error_message
  where refused.id = message.id;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'reply_refused', message_id => message.id,
    output => jsonb_build_object(
      'seq', message.seq, 'attempt', message.send_attempt, 'turn_id', message.turn_id
    ),
    error_code => refuse_send.error_code
  ));
end;
$$;

comment on function cc_private.refuse_send(public.cc_messages, text, text) is 'Ends the sending of a message for good, with the reason.';
revoke all on function cc_private.refuse_send(public.cc_messages, text, text) from public, anon, authenticated, service_role;

create function cc_private.refuse_sends(message_ids uuid[], reason text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  message public.cc_messages;
begin
  for message in
    select waiting.*
    from public.cc_messages as waiting
    where waiting.id = any (message_ids)
    order by waiting.conversation_id, waiting.seq
  loop
    perform cc_private.refuse_send(message, reason);
  end loop;
end;
$$;

comment on function cc_private.refuse_sends(uuid[], text) is 'Ends the sending of these messages for good, in their order, for this reason.';
revoke all on function cc_private.refuse_sends(uuid[], text) from public, anon, authenticated, service_role;

create function cc_private.doubt_send(message public.cc_messages, error_code text, error_message text default null)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_messages as doubted
  set send_state = 'uncertain', send_due_at = null, updated_at = now(),
    error_code = doubt_send.error_code, error_message = doubt_send.error_message
  where doubted.id = message.id;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'reply_uncertain', message_id => message.id,
    output => jsonb_build_object(
      'seq', message.seq, 'attempt', message.send_attempt, 'turn_id', message.turn_id
    ),
    error_code => doubt_send.error_code
  ));
end;
$$;

comment on function cc_private.doubt_send(public.cc_messages, text, text) is 'Nobody knows whether Twilio took the message: it is not sent again until that is settled.';
revoke all on function cc_private.doubt_send(public.cc_messages, text, text) from public, anon, authenticated, service_role;

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
