-- An orchestrator that runs out of time hands the rest of a conversation to the next one.

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
  conversation public.cc_conversations;
  turn public.cc_turns;
  dispatch cc_private.dispatch_result;
begin
  select locked.* into conversation
  from public.cc_conversations as locked
  where locked.id = dispatch_conversation.conversation_id
  for update;

  turn := cc_private.next_turn(conversation.id);
  if turn.id is null then
    return jsonb_build_object('outcome', 'nothing_pending');
  end if;

  dispatch := cc_private.dispatch_turn(turn.id, conversation.id, null);
  perform cc_private.append_audit(conversation.id, cc_private.audit_event(
    case when dispatch.error_code is null
      then 'orchestrator_triggered' else 'orchestrator_trigger_failed'
    end,
    output => jsonb_build_object('turn_id', turn.id, 'request_id', dispatch.request_id),
    error_code => dispatch.error_code,
    error_message => dispatch.error_message
  ));
  return jsonb_build_object(
    'outcome', case when dispatch.error_code is null then 'dispatched' else 'failed' end
  );
end;
$$;

comment on function public.dispatch_conversation(uuid) is 'Rings the orchestrator again for a conversation in which a turn waits: outcome dispatched, failed or nothing_pending. Definer: callers have no grant on any table.';
revoke all on function public.dispatch_conversation(uuid) from public, anon, authenticated;
grant execute on function public.dispatch_conversation(uuid) to service_role;
