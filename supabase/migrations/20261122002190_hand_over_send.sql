-- Twilio has a message of ours, whoever brings the word: its sender, a callback, or the list. What the sync
-- took for another system's goes back to its owner.

create function cc_private.delivery_rank(delivery_status text)
returns integer
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select case delivery_status
      when 'accepted' then 1
      when 'scheduled' then 1
      when 'queued' then 2
      when 'sending' then 3
      when 'sent' then 4
      when 'failed' then 5
      when 'undelivered' then 5
      when 'canceled' then 5
      when 'delivered' then 6
      when 'read' then 7
      -- A word that Twilio has added since is better than none, and worse than any that we know.
      else case when delivery_status is null then -1 else 0 end
    end
  );
end;
$$;

comment on function cc_private.delivery_rank(text) is 'The order of Twilio''s delivery words; callbacks come in any order, and only a higher rank replaces a lower one.';
revoke all on function cc_private.delivery_rank(text) from public, anon, authenticated, service_role;

create function cc_private.lock_message(message_id uuid)
returns public.cc_messages
language plpgsql
volatile
set search_path = ''
as $$
declare
  locked public.cc_messages;
begin
  -- A message never moves to another conversation, so its conversation can be read before it is locked.
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = (
    select message.conversation_id
    from public.cc_messages as message
    where message.id = lock_message.message_id
  )
  for update;

  select message.* into locked
  from public.cc_messages as message
  where message.id = lock_message.message_id
  for update;
  return locked;
end;
$$;

comment on function cc_private.lock_message(uuid) is 'Locks the message''s conversation and then the message; a null row where there is no such message.';
revoke all on function cc_private.lock_message(uuid) from public, anon, authenticated, service_role;

create function cc_private.lock_owner(message_id uuid, provider_message_ids text[])
returns public.cc_messages
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- What the sync took for another system's may stand in another conversation: both, in id order.
  perform 1
  from public.cc_conversations as conversation
  where conversation.id in (
    select message.conversation_id
    from public.cc_messages as message
    where message.id = lock_owner.message_id
    union
    select taken.conversation_id
    from public.cc_messages as taken
    where taken.provider = 'twilio'
      and taken.provider_message_id = any (lock_owner.provider_message_ids)
      and taken.direction = 'outbound'
      and taken.recovered_at is not null
  )
  order by conversation.id
  for update;
  return cc_private.lock_message(lock_owner.message_id);
end;
$$;

comment on function cc_private.lock_owner(uuid, text[]) is 'As lock_message, and locks the conversations of the taken-over messages with these ids of Twilio''s too.';
revoke all on function cc_private.lock_owner(uuid, text[]) from public, anon, authenticated, service_role;

create function cc_private.give_back(owner public.cc_messages, provider_message_id text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  taken public.cc_messages;
begin
  -- The row stays, since no seq may be missing; refused, it is in nobody's history.
  update public.cc_messages as message
  set provider_message_id = null, send_state = 'refused', error_code = 'owner_found', updated_at = now()
  where message.provider = owner.provider
    and message.provider_message_id = give_back.provider_message_id
    and message.direction = 'outbound'
    and message.recovered_at is not null
    and message.id <> owner.id
  returning message.* into taken;
  if found then
    perform cc_private.append_audit(taken.conversation_id, cc_private.audit_event(
      'message_given_back', message_id => taken.id,
      output => jsonb_build_object('seq', taken.seq, 'message_sid', give_back.provider_message_id)
    ));
  end if;
end;
$$;

comment on function cc_private.give_back(public.cc_messages, text) is 'Twilio''s id goes from the message that the sync took for another system''s to the one of ours that it is.';
revoke all on function cc_private.give_back(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.hand_over_send(message public.cc_messages, provider_message_id text, delivery_status text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform cc_private.give_back(message, hand_over_send.provider_message_id);
  update public.cc_messages as sent
  set send_state = 'handed_over', send_lease_until = null, send_due_at = null, absent_since = null,
    provider_message_id = hand_over_send.provider_message_id,
    delivery_status = case
      when cc_private.delivery_rank(hand_over_send.delivery_status) > cc_private.delivery_rank(sent.delivery_status)
      then hand_over_send.delivery_status else sent.delivery_status
    end,
    error_code = null, error_message = null,
    handed_over_at = clock_timestamp(), updated_at = now()
  where sent.id = message.id;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'reply_sent', message_id => message.id,
    output => jsonb_build_object(
      'seq', message.seq, 'attempt', message.send_attempt, 'turn_id', message.turn_id,
      'message_sid', hand_over_send.provider_message_id, 'delivery_status', hand_over_send.delivery_status,
      'waited_ms', cc_private.elapsed_ms(coalesce(
        (
          select min(inbound.created_at)
          from public.cc_messages as inbound
          where inbound.turn_id = message.turn_id and inbound.direction = 'inbound'
        ),
        message.created_at
      ))
    )
  ));
end;
$$;

comment on function cc_private.hand_over_send(public.cc_messages, text, text) is 'Twilio has the message, under this id: from here on its delivery status tells.';
revoke all on function cc_private.hand_over_send(public.cc_messages, text, text) from public, anon, authenticated, service_role;

create function cc_private.report_doubled(message public.cc_messages, provider_message_id text)
returns void
language sql
volatile
set search_path = ''
as $$
  -- Only a second execution of a request, later than the grace times, could bring this about.
  select cc_private.raise_alert('message_doubled', format(
    'Twilio has message %s twice, as %s and as %s',
    message.id, message.provider_message_id, report_doubled.provider_message_id
  ))
$$;

comment on function cc_private.report_doubled(public.cc_messages, text) is 'Raises an alert: Twilio names a second id for a message.';
revoke all on function cc_private.report_doubled(public.cc_messages, text) from public, anon, authenticated, service_role;
