-- A person writes, through the same outbox as everybody. Whoever writes handles the conversation: it is
-- taken over if it was the agent's, so that the two never answer the same message.

create function cc_private.turns_seen(conversation_id uuid, up_to_seq bigint)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  with unanswered as (
    select turn.id
    from public.cc_turns as turn
    where turn.conversation_id = turns_seen.conversation_id and turn.state = 'pending'
    union all
    select turn.id
    from public.cc_turns as turn
    where turn.conversation_id = turns_seen.conversation_id and turn.state = 'dead'
  )
  select unanswered.id
  from unanswered
  join public.cc_messages as message
    on message.turn_id = unanswered.id and message.direction = 'inbound'
  group by unanswered.id
  having min(message.seq) <= turns_seen.up_to_seq
  order by max(message.seq) desc
$$;

comment on function cc_private.turns_seen(uuid, bigint) is 'The waiting and the dead turns with a message that was seen by whoever had seen up to this seq, the newest first.';
revoke all on function cc_private.turns_seen(uuid, bigint) from public, anon, authenticated, service_role;

create function cc_private.answer_turns_seen(conversation public.cc_conversations, up_to_seq bigint)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  seen uuid[] := array(select cc_private.turns_seen(conversation.id, up_to_seq));
  answered_id uuid;
begin
  for answered_id in
    update public.cc_turns as turn
    set state = 'answered', due_at = null, finished_at = clock_timestamp()
    where turn.id = any (seen)
    returning turn.id
  loop
    perform cc_private.append_audit(conversation.id, cc_private.audit_event(
      'turn_answered', 'human', output => jsonb_build_object('turn_id', answered_id)
    ));
  end loop;

  perform cc_private.wait_for_person(conversation, array(
    select message.id
    from public.cc_messages as message
    where message.turn_id = any (seen) and message.direction = 'inbound'
      and message.seq > answer_turns_seen.up_to_seq
  ));
  return seen[1];
end;
$$;

comment on function cc_private.answer_turns_seen(public.cc_conversations, bigint) is 'Ends the turns that a person answers who had seen up to this seq; what came later goes on waiting. Gives the newest of them.';
revoke all on function cc_private.answer_turns_seen(public.cc_conversations, bigint) from public, anon, authenticated, service_role;

create function cc_private.stored_reply(id uuid, conversation_id uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  stored public.cc_messages;
begin
  select message.* into stored from public.cc_messages as message where message.id = stored_reply.id;
  if not found then
    return null;
  elsif stored.conversation_id is distinct from stored_reply.conversation_id
    or stored.body_json ->> 'kind' is distinct from 'human'
  then
    raise exception 'Cannot send reply %: another message has this id', stored_reply.id
      using errcode = 'SB003';
  end if;
  return jsonb_build_object('outcome', 'already_stored', 'message_ids', (
    select jsonb_agg(message.id order by message.seq)
    from public.cc_messages as message
    where message.conversation_id = stored.conversation_id
      and message.body_json ->> 'reply_id' = stored.id::text
  ));
end;
$$;

comment on function cc_private.stored_reply(uuid, uuid) is 'What was stored under a person''s reply with this id; null when nothing was.';
revoke all on function cc_private.stored_reply(uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.store_reply(
  id uuid,
  conversation public.cc_conversations,
  up_to_seq bigint,
  parts text[]
)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  turn_id uuid;
  stored uuid[];
begin
  if conversation.handler = 'agent' then
    perform cc_private.give_to_person(conversation.id, 'person_wrote', 'human', '{}');
  end if;
  turn_id := cc_private.answer_turns_seen(conversation, up_to_seq);
  update public.cc_conversations as handled
  set person_awaited_since = clock_timestamp()
  where handled.id = conversation.id;

  stored := cc_private.store_outbound_messages(
    conversation.id, turn_id, 'human', parts, store_reply.id,
    jsonb_build_object('reply_id', store_reply.id, 'up_to_seq', store_reply.up_to_seq)
  );
  perform cc_private.append_audit(conversation.id, cc_private.audit_event(
    'message_persisted', 'human', stored[1],
    output => jsonb_build_object(
      'kind', 'human', 'turn_id', turn_id, 'part_count', cardinality(parts),
      'body_length', length(array_to_string(parts, ''))
    )
  ));
  return jsonb_build_object('outcome', 'stored', 'message_ids', to_jsonb(stored));
end;
$$;

comment on function cc_private.store_reply(uuid, public.cc_conversations, bigint, text[]) is 'Stores a person''s reply, takes over if need be, and ends the turns that it answers. Called under the conversation''s lock.';
revoke all on function cc_private.store_reply(uuid, public.cc_conversations, bigint, text[]) from public, anon, authenticated, service_role;

create function cc_private.fits_message(body text)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Twilio counts in units of UTF-16, in which an emoji is two.
  return (
    select coalesce(btrim(body, E' \t\n\r'), '') <> ''
      and length(regexp_replace(body, '[\U00010000-\U0010ffff]', '..', 'g')) <= 1600
  );
end;
$$;

comment on function cc_private.fits_message(text) is 'Whether Twilio takes this body in one message: 1 to 1600 units of UTF-16.';
revoke all on function cc_private.fits_message(text) from public, anon, authenticated, service_role;

create function public.send_reply(id uuid, conversation_id uuid, up_to_seq bigint, parts text[])
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  conversation public.cc_conversations;
  draft public.cc_messages;
  already jsonb;
  reason text;
begin
  if send_reply.id is null or up_to_seq is null or coalesce(parts, '{}') = '{}'
    or exists (select from unnest(parts) as part (body) where not cc_private.fits_message(part.body))
  then
    raise exception 'Cannot send reply %: it needs an id, an up_to_seq, and parts of 1 to 1600 characters', send_reply.id
      using errcode = 'SB003', hint = 'Split a long text with orchestrator/split_reply.ts.';
  end if;

  conversation := cc_private.lock_conversation(conversation_id);
  if conversation.id is null then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  already := cc_private.stored_reply(send_reply.id, conversation.id);
  if already is not null then
    return already;
  end if;

  -- What may not leave now answers nobody: the person learns it while they can still do something else.
  draft.conversation_id := conversation.id;
  draft.body_json := '{"kind": "human"}';
  reason := cc_private.refusal_reason(draft);
  if reason is not null then
    return jsonb_build_object('outcome', 'refused', 'reason', reason);
  end if;
  return cc_private.store_reply(send_reply.id, conversation, up_to_seq, parts);
end;
$$;

comment on function public.send_reply(uuid, uuid, bigint, text[]) is 'A person answers the waiting and the dead turns up to the seq that they had seen, in parts that each fit a message; the caller''s id makes pressing twice one reply. Outcome stored or already_stored with the message ids, refused with the reason (opted_out, outside_window), or not_found. Definer: callers have no grant on any table.';
revoke all on function public.send_reply(uuid, uuid, bigint, text[]) from public, anon, authenticated;
grant execute on function public.send_reply(uuid, uuid, bigint, text[]) to service_role;
