-- What an agent is shown of what was said before: nothing of an account, unless the proof still holds.

create function cc_private.text_for_agent(message public.cc_messages)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  -- Of what the customer wrote nothing is asked: a claim calls this for each message of the history.
  if message.direction = 'outbound' then
    if exists (
      select from public.cc_turns as turn where turn.id = message.turn_id and turn.tells_of_account
    ) and not cc_private.is_verified(message.conversation_id) then
      return '[Something about an account, told while the customer was verified.]';
    end if;
  end if;
  return message.body_text;
end;
$$;

comment on function cc_private.text_for_agent(public.cc_messages) is 'What an agent is shown of a message''s text: not what it told of an account, unless the conversation is verified now.';
revoke all on function cc_private.text_for_agent(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.summary_for_agent(conversation public.cc_conversations)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select conversation.summary
    where cc_private.is_verified(conversation.id) or not exists (
      select
      from public.cc_turns as turn
      where turn.conversation_id = conversation.id and turn.tells_of_account
    )
  );
end;
$$;

comment on function cc_private.summary_for_agent(public.cc_conversations) is 'The conversation''s summary; null while it may hold what only a verified customer is told.';
revoke all on function cc_private.summary_for_agent(public.cc_conversations) from public, anon, authenticated, service_role;
