-- What happens to every inbound message in the transaction that stores it: it takes its place in the
-- conversation and in a turn, the orchestrator is rung when that turn is new, and all of it is recorded.

create function cc_private.pending_turn_id(conversation_id uuid)
returns uuid
language sql
volatile
set search_path = ''
as $$
  -- Called under the conversation's lock, so the answer stays true until the message is written.
  select coalesce(
    (
      select turn.id
      from public.cc_turns as turn
      where turn.conversation_id = pending_turn_id.conversation_id and turn.state = 'pending'
    ),
    gen_random_uuid()
  )
$$;

comment on function cc_private.pending_turn_id(uuid) is 'The turn that the next inbound message belongs to: the one that waits, or the id of one to be opened.';
revoke all on function cc_private.pending_turn_id(uuid) from public, anon, authenticated, service_role;

create function cc_private.open_turn(message public.cc_messages, wait interval)
returns text
language sql
volatile
set search_path = ''
as $$
  -- A burst moves the turn on, but not for ever; a customer over the limit waits in any case.
  insert into public.cc_turns as pending (id, conversation_id, due_at, dispatched_at)
  select
    message.turn_id,
    message.conversation_id,
    case when conversation.handler = 'agent' then clock_timestamp() + greatest(
      least(settings.debounce_ms, settings.debounce_max_ms) * interval '1 millisecond', wait
    ) end,
    clock_timestamp()
  from public.cc_settings as settings, public.cc_conversations as conversation
  where conversation.id = message.conversation_id
  on conflict (conversation_id) where state = 'pending' do update
  set due_at = case when pending.due_at is not null then greatest(
    least(
      excluded.due_at,
      pending.created_at + (
        select settings.debounce_max_ms * interval '1 millisecond' from public.cc_settings as settings
      )
    ),
    clock_timestamp() + wait
  ) end
  returning case
    when pending.due_at is null then 'waits_for_person'
    when pending.xmax = 0 then 'opened'
    when pending.dispatched_at is null then 'reopened'
    else 'joined'
  end
$$;

comment on function cc_private.open_turn(public.cc_messages, interval) is 'Opens the turn that the message names, or lets the pending one wait for it, at least so long; opened, joined, reopened (its ring had failed) or waits_for_person.';
revoke all on function cc_private.open_turn(public.cc_messages, interval) from public, anon, authenticated, service_role;

create function cc_private.dispatch_turn(turn_id uuid, conversation_id uuid, message_id uuid)
returns cc_private.dispatch_result
language plpgsql
volatile
set search_path = ''
as $$
declare
  result cc_private.dispatch_result := cc_private.dispatch_conversation(conversation_id, message_id);
begin
  update public.cc_turns as turn
  set dispatched_at = case when result.error_code is null then clock_timestamp() end
  where turn.id = dispatch_turn.turn_id
    and (turn.dispatched_at is not null) is distinct from (result.error_code is null);
  return result;
end;
$$;

comment on function cc_private.dispatch_turn(uuid, uuid, uuid) is 'Rings the orchestrator for a turn; a failed ring is noted on it, so that the next message or sweep rings again.';
revoke all on function cc_private.dispatch_turn(uuid, uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.inbound_facts(message public.cc_messages)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'provider', message.provider,
    'message_sid', message.provider_message_id,
    'kind', message.body_json ->> 'kind',
    'body_length', length(message.body_text),
    'media_count', jsonb_array_length(coalesce(message.body_json -> 'media', '[]'))
  )
$$;

comment on function cc_private.inbound_facts(public.cc_messages) is 'What the audit says of an inbound message.';
revoke all on function cc_private.inbound_facts(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.arrival_events(message public.cc_messages, turn_id uuid)
returns cc_private.audit_event[]
language sql
stable
set search_path = ''
as $$
  select array[
    cc_private.audit_event(
      case when message.recovered_at is null then 'inbound_webhook_received' else 'message_recovered' end,
      'provider', message.id, input => cc_private.inbound_facts(message)
    ),
    cc_private.audit_event(
      'message_persisted', message_id => message.id,
      output => jsonb_build_object('seq', message.seq, 'turn_id', arrival_events.turn_id)
    )
  ]
$$;

comment on function cc_private.arrival_events(public.cc_messages, uuid) is 'What is recorded of every inbound message: that its webhook came, or the sync found it, and that it is stored.';
revoke all on function cc_private.arrival_events(public.cc_messages, uuid) from public, anon, authenticated, service_role;

create function cc_private.receive_message()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  customer_id uuid;
  wait interval;
  word text;
  opening text;
  dispatch cc_private.dispatch_result;
begin
  update public.cc_conversations as conversation
  set last_seq = new.seq
  where conversation.id = new.conversation_id
  returning conversation.customer_id into customer_id;

  -- Nobody wrote too fast whose messages we found late.
  wait := case when new.recovered_at is null then cc_private.take_allowance(customer_id) else interval '0' end;
  word := coalesce(cc_private.opt_out_word(new, customer_id), cc_private.recovered_silence(new));
  if word is not null then
    perform cc_private.receive_in_silence(new, word);
    return null;
  end if;

  opening := cc_private.open_turn(new, wait);
  if opening in ('opened', 'reopened') then
    dispatch := cc_private.dispatch_turn(new.turn_id, new.conversation_id, new.id);
  end if;

  perform cc_private.append_audit(
    new.conversation_id,
    -- Nobody is rung while a person handles: then the record says so by saying nothing.
    variadic cc_private.arrival_events(new, new.turn_id) || case when opening <> 'waits_for_person' then
      array[cc_private.audit_event(
        case when dispatch.error_code is null
          then 'orchestrator_triggered' else 'orchestrator_trigger_failed'
        end,
        message_id => new.id,
        output => jsonb_build_object(
          'turn_id', new.turn_id,
          'turn', opening,
          'request_id', dispatch.request_id
        ),
        error_code => dispatch.error_code,
        error_message => dispatch.error_message
      )]
      else '{}'::cc_private.audit_event[]
    end
  );
  if wait > interval '0' then
    perform cc_private.limit_customer(new, customer_id, wait);
  end if;
  return null;
end;
$$;

comment on function cc_private.receive_message() is 'Numbers the message, opens or joins a turn, rings the orchestrator, records all three; or meets it with silence, when it is about an opt-out.';
revoke all on function cc_private.receive_message() from public, anon, authenticated, service_role;

create trigger receive_message
  after insert on public.cc_messages
  for each row when (new.direction = 'inbound')
  execute function cc_private.receive_message();
