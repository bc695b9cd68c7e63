-- How a send ends that Twilio is not known to have: for good, or in doubt.

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
