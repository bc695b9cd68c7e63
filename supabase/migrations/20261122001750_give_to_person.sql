-- A person takes the place of the agent, or the other way round. Both happen under the conversation's
-- lock; while a person handles, no turn is due, so no agent gets one.

create function cc_private.unbegun_replies(conversation_id uuid)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select distinct message.turn_id
  from public.cc_messages as message
  where message.conversation_id = unbegun_replies.conversation_id
    and message.send_state = 'ready'
    and message.body_json ->> 'kind' = 'reply'
    -- Half an answer is worse than one too many.
    and not exists (
      select
      from public.cc_messages as begun
      where begun.turn_id = message.turn_id and begun.direction = 'outbound' and begun.send_attempt > 0
    )
$$;

comment on function cc_private.unbegun_replies(uuid) is 'The turns whose reply waits, and no part of it was ever handed out to be sent.';
revoke all on function cc_private.unbegun_replies(uuid) from public, anon, authenticated, service_role;

create function cc_private.silence_turns(turn_ids uuid[], reason text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  silenced public.cc_turns;
begin
  for silenced in
    update public.cc_turns as turn
    set state = 'silent', silent_reason = silence_turns.reason, lease_until = null, due_at = null,
      finished_at = clock_timestamp()
    where turn.id = any (turn_ids)
    returning turn.*
  loop
    perform cc_private.append_audit(silenced.conversation_id, cc_private.audit_event(
      'turn_answered', output => jsonb_build_object(
        'turn_id', silenced.id, 'attempt', silenced.attempt, 'reason', silenced.silent_reason
      )
    ));
  end loop;
end;
$$;

comment on function cc_private.silence_turns(uuid[], text) is 'Ends these turns in silence, for this reason.';
revoke all on function cc_private.silence_turns(uuid[], text) from public, anon, authenticated, service_role;

create function cc_private.wait_for_person(conversation public.cc_conversations, message_ids uuid[])
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  pending_id uuid := cc_private.pending_turn_id(conversation.id);
begin
  -- The customer waits since the oldest of them came, not since they changed hands.
  insert into public.cc_turns as pending (id, conversation_id, created_at)
  select pending_id, conversation.id, min(message.created_at)
  from public.cc_messages as message
  where message.id = any (message_ids)
  having count(*) > 0
  on conflict (conversation_id) where state = 'pending' do update
  set created_at = least(pending.created_at, excluded.created_at);

  update public.cc_messages as message
  set turn_id = pending_id
  where message.id = any (message_ids);
  update public.cc_turns as pending
  set due_at = null
  where pending.conversation_id = conversation.id and pending.state = 'pending';
  return pending_id;
end;
$$;

comment on function cc_private.wait_for_person(public.cc_conversations, uuid[]) is 'Gathers these inbound messages in the pending turn, opening one if need be, and leaves it without a due time; gives its id.';
revoke all on function cc_private.wait_for_person(public.cc_conversations, uuid[]) from public, anon, authenticated, service_role;

create function cc_private.take_from_agent(conversation public.cc_conversations)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  ended uuid[] := array(select cc_private.unbegun_replies(conversation.id));
begin
  perform cc_private.refuse_sends(array(
    select message.id
    from public.cc_messages as message
    where message.turn_id = any (ended) and message.send_state = 'ready'
      and message.body_json ->> 'kind' = 'reply'
  ), 'handed_over');
  ended := ended || array(
    select turn.id
    from public.cc_turns as turn
    where turn.conversation_id = conversation.id and turn.state in ('running', 'retrying')
  );
  perform cc_private.silence_turns(ended, 'handed_over');
  return cc_private.wait_for_person(conversation, array(
    select message.id
    from public.cc_messages as message
    where message.turn_id = any (ended) and message.direction = 'inbound'
  ));
end;
$$;

comment on function cc_private.take_from_agent(public.cc_conversations) is 'Ends what the agent does and has not yet begun to say; its messages wait for a person, in the turn whose id it gives.';
revoke all on function cc_private.take_from_agent(public.cc_conversations) from public, anon, authenticated, service_role;

create function cc_private.give_to_person(
  conversation_id uuid,
  reason text,
  actor_type text,
  parts text[] default null,
  turn_id uuid default null,
  work_facts jsonb default '{}'
)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation public.cc_conversations;
  pending_id uuid;
begin
  update public.cc_conversations as handed
  set handler = 'human', person_awaited_since = clock_timestamp()
  where handed.id = give_to_person.conversation_id
  returning handed.* into conversation;

  pending_id := cc_private.take_from_agent(conversation);
  parts := coalesce(
    parts, (select array_remove(array[settings.hand_over_text], null) from public.cc_settings as settings)
  );
  if parts <> '{}' then
    perform cc_private.store_outbound_messages(conversation.id, turn_id, 'hand_over', parts);
  end if;

  perform cc_private.append_audit(conversation.id, cc_private.audit_event(
    'conversation_handed_over', give_to_person.actor_type,
    output => jsonb_build_object(
      'reason', give_to_person.reason,
      'message_count', (
        select count(*) from public.cc_messages as message where message.turn_id = pending_id
      )
    ) || work_facts
  ));
  -- A person who takes over need not be called, and a death has called one: the alert's cool-down would
  -- hide a customer who does need somebody.
  if give_to_person.actor_type = 'agent' then
    perform cc_private.raise_alert('person_needed', format(
      'conversation %s needs a person (%s)', conversation.id, cc_private.printable_code(reason)
    ));
  end if;
end;
$$;

comment on function cc_private.give_to_person(uuid, text, text, text[], uuid, jsonb) is 'From now on a person answers: what waits and what the agent had not begun to say waits for them, and the customer is told (parts; null takes the setting''s text, an empty list says nothing); work_facts are what it cost the agent that decides it. Called under the conversation''s lock.';
revoke all on function cc_private.give_to_person(uuid, text, text, text[], uuid, jsonb) from public, anon, authenticated, service_role;

create function cc_private.give_to_agent(conversation_id uuid, reason text, actor_type text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_conversations as conversation
  set handler = 'agent', person_awaited_since = null
  where conversation.id = give_to_agent.conversation_id;
  perform cc_private.append_audit(give_to_agent.conversation_id, cc_private.audit_event(
    'conversation_handed_back', give_to_agent.actor_type,
    output => jsonb_build_object('reason', give_to_agent.reason)
  ));

  update public.cc_turns as pending
  set due_at = clock_timestamp()
  where pending.conversation_id = give_to_agent.conversation_id and pending.state = 'pending';
  if found then
    perform cc_private.dispatch_again(give_to_agent.conversation_id);
  end if;
end;
$$;

comment on function cc_private.give_to_agent(uuid, text, text) is 'From now on the agent answers, beginning with what waits. Called under the conversation''s lock.';
revoke all on function cc_private.give_to_agent(uuid, text, text) from public, anon, authenticated, service_role;

create function cc_private.await_person()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_conversations as conversation
  set person_awaited_since = clock_timestamp()
  where conversation.id = new.conversation_id and conversation.handler = 'human';
  return null;
end;
$$;

comment on function cc_private.await_person() is 'The first message that a person has not answered begins their time anew.';
revoke all on function cc_private.await_person() from public, anon, authenticated, service_role;

create trigger await_person
  after insert on public.cc_turns
  for each row when (new.state = 'pending' and new.due_at is null)
  execute function cc_private.await_person();
