-- Closing ends a conversation for new messages: the next one opens another. It is refused while
-- something is open, so that nobody waits in a conversation which nobody looks at.

create function cc_private.has_open_work(conversation_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  -- Each question has its own partial index.
  select exists (
    select from public.cc_turns as turn
    where turn.conversation_id = has_open_work.conversation_id and turn.state = 'pending'
  ) or exists (
    select from public.cc_turns as turn
    where turn.conversation_id = has_open_work.conversation_id and turn.state in ('running', 'retrying')
  ) or exists (
    select from public.cc_messages as message
    where message.conversation_id = has_open_work.conversation_id
      and message.send_state in ('ready', 'sending', 'uncertain')
  )
$$;

comment on function cc_private.has_open_work(uuid) is 'Whether a turn or an outbound message of the conversation is not finished.';
revoke all on function cc_private.has_open_work(uuid) from public, anon, authenticated, service_role;

create function cc_private.end_conversation(conversation_id uuid, reason text, actor_type text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_conversations as conversation
  set status = 'closed', handler = 'agent', person_awaited_since = null
  where conversation.id = end_conversation.conversation_id;
  perform cc_private.append_audit(end_conversation.conversation_id, cc_private.audit_event(
    'conversation_closed', end_conversation.actor_type,
    output => jsonb_build_object('reason', end_conversation.reason)
  ));
end;
$$;

comment on function cc_private.end_conversation(uuid, text, text) is 'Closes a conversation in which nothing is open; no person is needed there any more. Called under its lock.';
revoke all on function cc_private.end_conversation(uuid, text, text) from public, anon, authenticated, service_role;

create function public.close_conversation(conversation_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  conversation public.cc_conversations := cc_private.lock_conversation(conversation_id);
begin
  if conversation.id is null then
    return jsonb_build_object('outcome', 'not_found');
  elsif conversation.status = 'closed' then
    return jsonb_build_object('outcome', 'already_closed');
  elsif cc_private.has_open_work(conversation.id) then
    return jsonb_build_object('outcome', 'still_open');
  end if;
  perform cc_private.end_conversation(conversation.id, 'by_hand', 'human');
  return jsonb_build_object('outcome', 'closed');
end;
$$;

comment on function public.close_conversation(uuid) is 'Closes a conversation; the next message opens a new one. Outcome closed, already_closed, still_open (a turn or an outbound message is) or not_found. Definer: callers have no grant on any table.';
revoke all on function public.close_conversation(uuid) from public, anon, authenticated;
grant execute on function public.close_conversation(uuid) to service_role;
