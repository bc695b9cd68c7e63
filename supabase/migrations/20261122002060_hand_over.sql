-- A person takes a conversation over by hand, and gives it back.

create function cc_private.lock_conversation(conversation_id uuid)
returns public.cc_conversations
language plpgsql
volatile
set search_path = ''
as $$
declare
  locked public.cc_conversations;
begin
  select conversation.* into locked
  from public.cc_conversations as conversation
  where conversation.id = lock_conversation.conversation_id
  for update;
  return locked;
end;
$$;

comment on function cc_private.lock_conversation(uuid) is 'The conversation, locked; a null row where there is none.';
revoke all on function cc_private.lock_conversation(uuid) from public, anon, authenticated, service_role;

create function public.hand_over(conversation_id uuid, reason text default 'by_hand')
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
  elsif conversation.handler = 'human' then
    return jsonb_build_object('outcome', 'already_handed_over');
  end if;
  perform cc_private.give_to_person(conversation.id, hand_over.reason, 'human');
  return jsonb_build_object('outcome', 'handed_over');
end;
$$;

comment on function public.hand_over(uuid, text) is 'A person takes the conversation over from the agent: outcome handed_over, already_handed_over or not_found. Definer: callers have no grant on any table.';
revoke all on function public.hand_over(uuid, text) from public, anon, authenticated;
grant execute on function public.hand_over(uuid, text) to service_role;

create function public.hand_back(conversation_id uuid)
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
  elsif conversation.handler = 'agent' then
    return jsonb_build_object('outcome', 'already_handed_back');
  end if;
  perform cc_private.give_to_agent(conversation.id, 'by_hand', 'human');
  return jsonb_build_object('outcome', 'handed_back');
end;
$$;

comment on function public.hand_back(uuid) is 'A person gives the conversation back to the agent, who answers what waits: outcome handed_back, already_handed_back or not_found. Definer: callers have no grant on any table.';
revoke all on function public.hand_back(uuid) from public, anon, authenticated;
grant execute on function public.hand_back(uuid) to service_role;
