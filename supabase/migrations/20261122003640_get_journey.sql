-- One message from the customer's word to the reply that was read: its rows, and the record of each step.

create function cc_private.journey_events(message public.cc_messages, reply_ids uuid[])
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(cc_private.audit_for_list(entry) order by entry.id), '[]')
  from (
    -- Bounded, since a conversation can be long.
    select latest.*
    from public.cc_audit_logs as latest
    where latest.conversation_id = message.conversation_id
    order by latest.conversation_id desc, latest.id desc
    limit 5000
  ) as entry
  where entry.message_id = message.id
    or entry.message_id = any (reply_ids)
    or (entry.message_id is null and entry.output_redacted ->> 'turn_id' = message.turn_id::text)
$$;

comment on function cc_private.journey_events(public.cc_messages, uuid[]) is 'What the conversations latest five thousand steps say of this message, its turn and its replies.';
revoke all on function cc_private.journey_events(public.cc_messages, uuid[]) from public, anon, authenticated, service_role;

create function public.get_journey(provider_message_id text, is_revealed boolean default false)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  message public.cc_messages;
  reply_ids uuid[];
begin
  select stored.* into message
  from public.cc_messages as stored
  where stored.provider = 'twilio'
    and stored.provider_message_id = get_journey.provider_message_id
    and stored.direction = 'inbound';
  if not found then
    return jsonb_build_object('outcome', 'not_found');
  end if;

  reply_ids := array(
    select reply.id
    from public.cc_messages as reply
    where reply.turn_id = message.turn_id and reply.direction = 'outbound'
  );
  return jsonb_build_object(
    'outcome', 'found',
    'conversation_id', message.conversation_id,
    'message', cc_private.message_for_list(message, is_revealed),
    'turn', (
      select cc_private.turn_for_list(turn, is_revealed)
      from public.cc_turns as turn
      where turn.id = message.turn_id
    ),
    'replies', (
      select coalesce(jsonb_agg(cc_private.message_for_list(reply, is_revealed) order by reply.seq), '[]')
      from public.cc_messages as reply
      where reply.id = any (reply_ids)
    ),
    'events', cc_private.journey_events(message, reply_ids)
  );
end;
$$;

comment on function public.get_journey(text, boolean) is 'An inbound message by its MessageSid, with its turn, its replies and the record of its steps: outcome found or not_found. Each row is JSON text; addresses and texts are masked unless is_revealed. Definer: callers have no grant on any table.';
revoke all on function public.get_journey(text, boolean) from public, anon, authenticated;
grant execute on function public.get_journey(text, boolean) to service_role;
