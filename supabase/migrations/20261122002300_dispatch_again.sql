-- Ringing again for a conversation in which something waits: by the sweep, after a replay, and by an
-- orchestrator that has run out of time.

create function cc_private.dispatch_again(conversation_id uuid)
returns cc_private.dispatch_result
language plpgsql
volatile
set search_path = ''
as $$
declare
  dispatch cc_private.dispatch_result;
  turn public.cc_turns;
begin
  update public.cc_turns as waiting
  set dispatched_at = clock_timestamp()
  where waiting.conversation_id = dispatch_again.conversation_id
    and waiting.state in ('pending', 'retrying');
  update public.cc_messages as waiting
  set send_dispatched_at = clock_timestamp()
  where waiting.conversation_id = dispatch_again.conversation_id
    and waiting.send_state = 'ready';

  dispatch := cc_private.dispatch_conversation(conversation_id, null);
  turn := cc_private.next_turn(conversation_id);
  perform cc_private.append_audit(dispatch_again.conversation_id, cc_private.audit_event(
    case when dispatch.error_code is null
      then 'orchestrator_triggered' else 'orchestrator_trigger_failed'
    end,
    output => jsonb_build_object('turn_id', turn.id, 'request_id', dispatch.request_id),
    error_code => dispatch.error_code,
    error_message => dispatch.error_message
  ));
  return dispatch;
end;
$$;

comment on function cc_private.dispatch_again(uuid) is 'Rings the orchestrator for all that waits in a conversation, and records it; called under the conversation''s lock.';
revoke all on function cc_private.dispatch_again(uuid) from public, anon, authenticated, service_role;

create function cc_private.ring_for_rest(conversation_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  message public.cc_messages := cc_private.next_send(conversation_id);
begin
  if message.send_state = 'ready' then
    perform cc_private.dispatch_again(conversation_id);
  end if;
end;
$$;

comment on function cc_private.ring_for_rest(uuid) is 'Rings when a settled message has freed the way for the ones behind it.';
revoke all on function cc_private.ring_for_rest(uuid) from public, anon, authenticated, service_role;

create function public.dispatch_conversation(conversation_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  turn public.cc_turns;
  message public.cc_messages;
  dispatch cc_private.dispatch_result;
begin
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = dispatch_conversation.conversation_id
  for update;

  turn := cc_private.next_turn(conversation_id);
  message := cc_private.next_send(conversation_id);
  if turn.id is null and message.id is null then
    return jsonb_build_object('outcome', 'nothing_pending');
  end if;
  dispatch := cc_private.dispatch_again(conversation_id);
  return jsonb_build_object(
    'outcome', case when dispatch.error_code is null then 'dispatched' else 'failed' end
  );
end;
$$;

comment on function public.dispatch_conversation(uuid) is 'Rings the orchestrator again for a conversation in which a turn or a message waits: outcome dispatched, failed or nothing_pending. Definer: callers have no grant on any table.';
revoke all on function public.dispatch_conversation(uuid) from public, anon, authenticated;
grant execute on function public.dispatch_conversation(uuid) to service_role;
