-- A dead turn's messages get another chance: they join the pending turn. What the dead turn said (the
-- fallback) stays said; it stored no reply, so nothing can be said twice.

create function cc_private.is_answered_by_person(turn public.cc_turns)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select
    from public.cc_messages as answer
    where answer.conversation_id = turn.conversation_id
      and answer.direction = 'outbound'
      and answer.body_json ->> 'kind' = 'human'
      -- A person answers what they had seen, not what came while they wrote.
      and coalesce((answer.body_json ->> 'up_to_seq')::bigint, answer.seq) >= (
        select max(message.seq)
        from public.cc_messages as message
        where message.turn_id = turn.id and message.direction = 'inbound'
      )
  )
$$;

comment on function cc_private.is_answered_by_person(public.cc_turns) is 'Whether a person who had seen all messages of this turn has written since.';
revoke all on function cc_private.is_answered_by_person(public.cc_turns) from public, anon, authenticated, service_role;

create function cc_private.move_to_pending_turn(turn public.cc_turns)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  pending_id uuid := cc_private.pending_turn_id(turn.conversation_id);
begin
  insert into public.cc_turns as pending (id, conversation_id, due_at)
  select
    pending_id, conversation.id,
    case when conversation.handler = 'agent' then clock_timestamp() end
  from public.cc_conversations as conversation
  where conversation.id = turn.conversation_id
  on conflict (conversation_id) where state = 'pending' do nothing;

  update public.cc_messages as message
  set turn_id = pending_id
  where message.turn_id = turn.id and message.direction = 'inbound';
  return pending_id;
end;
$$;

comment on function cc_private.move_to_pending_turn(public.cc_turns) is 'Lets the pending turn answer this turn''s messages too, opening one if there is none; gives its id.';
revoke all on function cc_private.move_to_pending_turn(public.cc_turns) from public, anon, authenticated, service_role;

create function public.replay_turn(turn_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  turn public.cc_turns := cc_private.lock_turn(turn_id);
  pending_id uuid;
begin
  if turn.state is distinct from 'dead' then
    return jsonb_build_object('outcome', 'not_dead');
  elsif cc_private.is_emptied(turn) then
    return jsonb_build_object('outcome', 'erased');
  elsif cc_private.is_answered_by_person(turn) then
    return jsonb_build_object('outcome', 'answered_by_person');
  end if;

  pending_id := cc_private.move_to_pending_turn(turn);
  update public.cc_turns as replayed
  set state = 'replayed'
  where replayed.id = turn.id;

  perform cc_private.append_audit(turn.conversation_id, cc_private.audit_event(
    'turn_replayed', 'human',
    output => jsonb_build_object('turn_id', turn.id, 'replayed_as', pending_id)
  ));
  perform cc_private.dispatch_again(turn.conversation_id);
  return jsonb_build_object('outcome', 'replayed', 'turn_id', pending_id);
end;
$$;

comment on function public.replay_turn(uuid) is 'Has a dead turn''s messages answered after all: outcome replayed with the turn that does it, not_dead, answered_by_person, or erased (nothing of them is left). Definer: callers have no grant on any table.';
revoke all on function public.replay_turn(uuid) from public, anon, authenticated;
grant execute on function public.replay_turn(uuid) to service_role;
