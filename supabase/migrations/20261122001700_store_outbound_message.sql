-- Whatever we say to a customer is first a row, `ready` to be sent: reply, fallback, notice. Storing
-- rings the orchestrator, since the process that stores may not live to send.

create function cc_private.store_outbound_messages(
  conversation_id uuid,
  turn_id uuid,
  kind text,
  parts text[],
  first_id uuid default cc_private.new_id(),
  facts jsonb default '{}'
)
returns uuid[]
language plpgsql
volatile
set search_path = ''
as $$
declare
  stored uuid[];
  dispatch cc_private.dispatch_result;
begin
  with numbered as (
    update public.cc_conversations as conversation
    set last_seq = conversation.last_seq + cardinality(parts), updated_at = now()
    where conversation.id = store_outbound_messages.conversation_id
    returning conversation.*
  ),
  inserted as (
    insert into public.cc_messages (
      id, conversation_id, seq, turn_id, direction, provider, from_address, to_address,
      body_text, body_json, send_state, send_due_at, send_dispatched_at
    )
    select
      case when part.number = 1 then store_outbound_messages.first_id else cc_private.new_id() end,
      numbered.id, numbered.last_seq - cardinality(parts) + part.number,
      store_outbound_messages.turn_id, 'outbound', numbered.provider,
      numbered.business_address, numbered.provider_conversation_id,
      part.body, facts || jsonb_build_object('kind', store_outbound_messages.kind), 'ready',
      clock_timestamp(), clock_timestamp()
    from numbered, unnest(parts) with ordinality as part (body, number)
    returning id, seq
  )
  select array_agg(inserted.id order by inserted.seq) into stored from inserted;

  dispatch := cc_private.dispatch_conversation(conversation_id, stored[1]);
  if dispatch.error_code is not null then
    update public.cc_messages as message
    set send_dispatched_at = null
    where message.id = any (stored);
    perform cc_private.append_audit(store_outbound_messages.conversation_id, cc_private.audit_event(
      'orchestrator_trigger_failed', message_id => stored[1],
      error_code => dispatch.error_code, error_message => dispatch.error_message
    ));
  end if;
  return stored;
end;
$$;

comment on function cc_private.store_outbound_messages(uuid, uuid, text, text[], uuid, jsonb) is 'Stores the parts of one outbound text in order, the first under the id given, ready to be sent, and rings the orchestrator; called under the conversation''s lock.';
revoke all on function cc_private.store_outbound_messages(uuid, uuid, text, text[], uuid, jsonb) from public, anon, authenticated, service_role;
