-- What happens to every inbound message in the transaction that stores it: it takes its place in the
-- conversation and in a turn, the orchestrator is rung when that turn is new, and all of it is recorded.

create function cc_private.pending_turn_id(conversation_id uuid)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- Called under the conversation's lock, so the answer stays true until the message is written.
  return coalesce(
    (
      select turn.id
      from public.cc_turns as turn
      where turn.conversation_id = pending_turn_id.conversation_id and turn.state = 'pending'
    ),
    gen_random_uuid()
  );
end;
$$;

comment on function cc_private.pending_turn_id(uuid) is 'The turn that the next inbound message belongs to: the one that waits, or the id of one to be opened.';
revoke all on function cc_private.pending_turn_id(uuid) from public, anon, authenticated, service_role;

create function cc_private.open_turn(
  message public.cc_messages,
  handler text,
  settings public.cc_settings,
  wait interval
)
returns text
language plpgsql
volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  opening text;
begin
  -- A burst moves the turn on, but not for ever; a customer over the limit waits in any case.
  insert into public.cc_turns as pending (id, conversation_id, due_at, dispatched_at)
  values (
    message.turn_id,
    message.conversation_id,
    case when handler = 'agent' then clock_timestamp() + greatest(
      least(settings.debounce_ms, settings.debounce_max_ms) * interval '1 millisecond', wait
    ) end,
    clock_timestamp()
  )
  on conflict (conversation_id) where state = 'pending' do update
  set due_at = case when pending.due_at is not null then greatest(
    least(excluded.due_at, pending.created_at + settings.debounce_max_ms * interval '1 millisecond'),
    clock_timestamp() + wait
  ) end
  returning case
    when pending.due_at is null then 'waits_for_person'
    when pending.xmax = 0 then 'opened'
    when pending.dispatched_at is null then 'reopened'
    else 'joined'
  end into opening;
  return opening;
end;
$$;

comment on function cc_private.open_turn(public.cc_messages, text, public.cc_settings, interval) is 'Opens the turn that the message names, or lets the pending one wait for it, at least so long; opened, joined, reopened (its ring had failed) or waits_for_person.';
revoke all on function cc_private.open_turn(public.cc_messages, text, public.cc_settings, interval) from public, anon, authenticated, service_role;

create function cc_private.inbound_facts(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'provider', message.provider,
    'message_sid', message.provider_message_id,
    'kind', message.body_json ->> 'kind',
    'body_length', length(message.body_text),
    'media_count', jsonb_array_length(coalesce(message.body_json -> 'media', '[]'))
  );
end;
$$;

comment on function cc_private.inbound_facts(public.cc_messages) is 'What the audit says of an inbound message.';
revoke all on function cc_private.inbound_facts(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.arrival_events(message public.cc_messages, turn_id uuid)
returns cc_private.audit_event[]
language plpgsql
stable
set search_path = ''
as $$
begin
  -- Rows, not calls: each of three calls would cost what a statement costs.
  return array[
    row(
      case when message.recovered_at is null then 'inbound_webhook_received' else 'message_recovered' end,
      'provider', message.id, cc_private.inbound_facts(message), '{}'::jsonb, null, null
    )::cc_private.audit_event,
    row(
      'message_persisted', 'system', message.id, '{}'::jsonb,
      jsonb_build_object('seq', message.seq, 'turn_id', arrival_events.turn_id), null, null
    )::cc_private.audit_event
  ];
end;
$$;

comment on function cc_private.arrival_events(public.cc_messages, uuid) is 'What is recorded of every inbound message: that its webhook came, or the sync found it, and that it is stored.';
revoke all on function cc_private.arrival_events(public.cc_messages, uuid) from public, anon, authenticated, service_role;

create function cc_private.note_ring(turn_id uuid, has_rung boolean)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_turns as turn
  set dispatched_at = case when has_rung then clock_timestamp() end
  where turn.id = note_ring.turn_id;
end;
$$;

comment on function cc_private.note_ring(uuid, boolean) is 'Notes on a turn whether it was rung for: after a ring that failed, the next message or sweep rings again.';
revoke all on function cc_private.note_ring(uuid, boolean) from public, anon, authenticated, service_role;

create function cc_private.receive_message()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  settings public.cc_settings;
  conversation public.cc_conversations;
  customer public.cc_customers;
  wait interval := '0';
  word text;
  opening text;
  dispatch cc_private.dispatch_result;
  events cc_private.audit_event[];
begin
  select tuned.* into strict settings from public.cc_settings as tuned;
  select locked.* into strict conversation
  from public.cc_conversations as locked
  where locked.id = new.conversation_id;

  -- Nobody wrote too fast whose messages we found late.
  if new.recovered_at is null then
    customer := cc_private.take_allowance(conversation.customer_id, settings);
    wait := greatest(0, -customer.remaining_messages)
      / settings.customer_messages_per_minute * interval '1 minute';
    word := cc_private.opt_out_word(new, customer, settings);
  else
    select person.* into strict customer
    from public.cc_customers as person
    where person.id = conversation.customer_id;
    word := coalesce(
      cc_private.opt_out_word(new, customer, settings), cc_private.recovered_silence(new)
    );
  end if;
  if word is not null then
    perform cc_private.receive_in_silence(new, word);
    return null;
  end if;

  opening := cc_private.open_turn(new, conversation.handler, settings, wait);
  if opening in ('opened', 'reopened') then
    dispatch := cc_private.ring_orchestrator(
      new.conversation_id, new.id,
      cc_private.dispatch_body(conversation, customer.name, new.id, new.body_text)
    );
    -- A turn is opened as rung for.
    if (opening = 'opened') <> (dispatch.error_code is null) then
      perform cc_private.note_ring(new.turn_id, dispatch.error_code is null);
    end if;
  end if;

  events := cc_private.arrival_events(new, new.turn_id);
  -- Nobody is rung while a person handles: then the record says so by saying nothing.
  if opening <> 'waits_for_person' then
    events[3] := row(
      case when dispatch.error_code is null
        then 'orchestrator_triggered' else 'orchestrator_trigger_failed'
      end,
      'system', new.id, '{}'::jsonb,
      jsonb_build_object('turn_id', new.turn_id, 'turn', opening, 'request_id', dispatch.request_id),
      dispatch.error_code, dispatch.error_message
    )::cc_private.audit_event;
  end if;
  perform cc_private.append_audit(new.conversation_id, variadic events);
  if wait > interval '0' then
    perform cc_private.limit_customer(new, customer.id, wait);
  end if;
  return null;
end;
$$;

comment on function cc_private.receive_message() is 'Opens or joins a turn, rings the orchestrator, records what came; or meets the message with silence, when it is about an opt-out.';
revoke all on function cc_private.receive_message() from public, anon, authenticated, service_role;

create trigger receive_message
  after insert on public.cc_messages
  for each row when (new.direction = 'inbound')
  execute function cc_private.receive_message();
