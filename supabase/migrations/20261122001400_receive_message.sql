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
    cc_private.new_id()
  );
end;
$$;

comment on function cc_private.pending_turn_id(uuid) is 'The turn that the next inbound message belongs to: the one that waits, or the id of one to be opened.';
revoke all on function cc_private.pending_turn_id(uuid) from public, anon, authenticated, service_role;

create function cc_private.open_turn(
  turn_id uuid,
  conversation_id uuid,
  due_in interval,
  due_in_at_most interval,
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
    open_turn.turn_id,
    open_turn.conversation_id,
    case when due_in is not null then
      clock_timestamp() + greatest(least(due_in, due_in_at_most), wait)
    end,
    clock_timestamp()
  )
  on conflict (conversation_id) where state = 'pending' do update
  set due_at = case when pending.due_at is not null then greatest(
    least(excluded.due_at, pending.created_at + due_in_at_most), clock_timestamp() + wait
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

comment on function cc_private.open_turn(uuid, uuid, interval, interval, interval) is 'Opens the turn with this id, due in so long (null: a person handles), or lets the pending one wait for more, at least so long; opened, joined, reopened (its ring had failed) or waits_for_person.';
revoke all on function cc_private.open_turn(uuid, uuid, interval, interval, interval) from public, anon, authenticated, service_role;

create function cc_private.record_arrival(
  message public.cc_messages,
  turn_id uuid,
  opening text default null,
  dispatch cc_private.dispatch_result default null
)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Rows, not events: what is built here of typed values needs no redaction.
  entries public.cc_audit_logs[] := array[
    row(
      null, message.conversation_id, message.id, 'provider',
      case when message.recovered_at is null then 'inbound_webhook_received' else 'message_recovered' end,
      cc_private.inbound_facts(message), '{}'::jsonb, true, null, null, clock_timestamp(), null, null
    )::public.cc_audit_logs,
    row(
      null, message.conversation_id, message.id, 'system', 'message_persisted', '{}'::jsonb,
      jsonb_build_object('seq', message.seq, 'turn_id', record_arrival.turn_id),
      true, null, null, clock_timestamp(), null, null
    )::public.cc_audit_logs
  ];
begin
  -- Nobody is rung while a person handles: then the record says so by saying nothing.
  if opening <> 'waits_for_person' then
    entries[3] := row(
      null, message.conversation_id, message.id, 'system',
      case when dispatch.error_code is null
        then 'orchestrator_triggered' else 'orchestrator_trigger_failed'
      end,
      '{}'::jsonb,
      jsonb_strip_nulls(jsonb_build_object(
        'turn_id', record_arrival.turn_id, 'turn', opening, 'request_id', dispatch.request_id
      )),
      dispatch.error_code is null,
      case when dispatch.error_code is not null then cc_private.printable_code(dispatch.error_code) end,
      left(dispatch.error_message, 200), clock_timestamp(), null, null
    )::public.cc_audit_logs;
  end if;
  perform cc_private.append_entries(message.conversation_id, entries);
end;
$$;

comment on function cc_private.record_arrival(public.cc_messages, uuid, text, cc_private.dispatch_result) is 'Records of an inbound message that its webhook came, or the sync found it, that it is stored, and, where its turn was opened or joined, how the orchestrator was rung.';
revoke all on function cc_private.record_arrival(public.cc_messages, uuid, text, cc_private.dispatch_result) from public, anon, authenticated, service_role;

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
  known record;
  customer public.cc_customers;
  wait interval := '0';
  word text;
  opening text;
  dispatch cc_private.dispatch_result;
begin
  -- Of the settings, which are many, only what every message needs.
  select
    conversation, conversation.customer_id, conversation.handler,
    settings.customer_burst_messages, settings.customer_messages_per_minute,
    settings.plain_opt_out_keywords, settings.plain_opt_in_keywords,
    settings.debounce_ms * interval '1 millisecond' as debounce,
    settings.debounce_max_ms * interval '1 millisecond' as debounce_max
  into strict known
  from public.cc_conversations as conversation, public.cc_settings as settings
  where conversation.id = new.conversation_id;

  -- Nobody wrote too fast whose messages we found late.
  if new.recovered_at is null then
    customer := cc_private.take_allowance(
      known.customer_id, known.customer_burst_messages, known.customer_messages_per_minute
    );
    wait := greatest(0, -customer.remaining_messages)
      / known.customer_messages_per_minute * interval '1 minute';
  else
    select person.* into strict customer
    from public.cc_customers as person
    where person.id = known.customer_id;
  end if;
  word := cc_private.opt_out_word(
    new, customer, known.plain_opt_out_keywords, known.plain_opt_in_keywords
  );
  if word is null and new.recovered_at is not null then
    word := cc_private.recovered_silence(new);
  end if;
  if word is not null then
    perform cc_private.receive_in_silence(new, word);
  else
    opening := cc_private.open_turn(
      new.turn_id, new.conversation_id, case when known.handler = 'agent' then known.debounce end,
      known.debounce_max, wait
    );
    if opening in ('opened', 'reopened') then
      dispatch := cc_private.ring_orchestrator(
        new.conversation_id, new.id,
        cc_private.dispatch_body(known.conversation, customer.name, new.id, new.body_text)
      );
      -- A turn is opened as rung for.
      if (opening = 'opened') <> (dispatch.error_code is null) then
        perform cc_private.note_ring(new.turn_id, dispatch.error_code is null);
      end if;
    end if;
    perform cc_private.record_arrival(new, new.turn_id, opening, dispatch);
    if wait > interval '0' then
      perform cc_private.limit_customer(new, customer.id, wait);
    end if;
  end if;

  -- Conditions here, not triggers of their own: each statement reads the conditions of triggers anew.
  if new.body_json #> '{media,0}' is not null then
    perform cc_private.keep_media(new);
  end if;
  if new.body_json ? 'code' then
    perform cc_private.take_code(new);
  end if;
  return null;
end;
$$;

comment on function cc_private.receive_message() is 'Opens or joins a turn, rings the orchestrator, records what came; or meets the message with silence, when it is about an opt-out; then keeps its files, and lets its code have its effect.';
revoke all on function cc_private.receive_message() from public, anon, authenticated, service_role;

create trigger receive_message
  after insert on public.cc_messages
  for each row when (new.direction = 'inbound')
  execute function cc_private.receive_message();
