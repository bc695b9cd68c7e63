-- The webhook of a message that the sync has brought may come after all. It tells more than Twilio's list:
-- who wrote, where, which button. So it completes the row, once, and nothing is answered again.

create function cc_private.complete_recovered_message(
  provider text,
  provider_message_id text,
  body_text text,
  body_json jsonb,
  customer_name text,
  signature text,
  locked_conversation_id uuid default null
)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  recovered public.cc_messages;
begin
  select message.* into recovered
  from public.cc_messages as message
  where message.provider = complete_recovered_message.provider
    and message.provider_message_id = complete_recovered_message.provider_message_id
    and message.direction = 'inbound'
    and message.recovered_at is not null
    and message.completed_at is null
    -- Whoever holds one conversation's lock must not ask for another's.
    and message.conversation_id = coalesce(locked_conversation_id, message.conversation_id);
  if not found then
    return;
  end if;
  recovered := cc_private.lock_message(recovered.id);
  if recovered.completed_at is not null then
    return;
  end if;

  update public.cc_messages as message
  set body_text = complete_recovered_message.body_text,
    body_json = complete_recovered_message.body_json,
    signature = case when not exists (
      select
      from public.cc_messages as other
      where other.signature = complete_recovered_message.signature
    ) then complete_recovered_message.signature end,
    completed_at = clock_timestamp(),
    updated_at = now()
  where message.id = recovered.id
  returning message.* into recovered;
  perform cc_private.append_audit(recovered.conversation_id, cc_private.audit_event(
    'inbound_webhook_received', 'provider', recovered.id, input => cc_private.inbound_facts(recovered)
  ));
  perform cc_private.heed_late_opt_out(recovered);
  perform cc_private.rename_customer(conversation.customer_id, complete_recovered_message.customer_name)
  from public.cc_conversations as conversation
  where conversation.id = recovered.conversation_id;
end;
$$;

comment on function cc_private.complete_recovered_message(text, text, text, jsonb, text, text, uuid) is 'Gives a message that the sync brought what its late webhook tells, once; every other message stays as it is.';
revoke all on function cc_private.complete_recovered_message(text, text, text, jsonb, text, text, uuid) from public, anon, authenticated, service_role;

create function cc_private.heed_late_opt_out(message public.cc_messages)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- Twilio's list does not tell that Twilio took a message for a STOP.
  if upper(message.body_json #>> '{parameters,OptOutType}') = 'STOP' and not (
    select cc_private.wrote_later(message, conversation.customer_id, settings.opt_in_keywords)
    from public.cc_conversations as conversation, public.cc_settings as settings
    where conversation.id = message.conversation_id
  ) then
    perform cc_private.opt_out_customer(message, 'advanced_opt_out');
  end if;
end;
$$;

comment on function cc_private.heed_late_opt_out(public.cc_messages) is 'A STOP that only the late webhook names as one opts its customer out, unless a newer START came.';
revoke all on function cc_private.heed_late_opt_out(public.cc_messages) from public, anon, authenticated, service_role;
