-- A message that no agent answers: it is about an opt-out, or came too late, or another system was quicker.
-- It is stored and recorded as every other, in a turn that ends in silence, with the reason.

create function cc_private.give_silent_turn(message public.cc_messages, reason text)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  silent_id uuid := cc_private.new_id();
begin
  -- A turn of its own: one that waits may hold messages which are to be answered.
  insert into public.cc_turns (id, conversation_id, state, silent_reason, finished_at)
  values (silent_id, message.conversation_id, 'silent', give_silent_turn.reason, clock_timestamp());
  update public.cc_messages as silent
  set turn_id = silent_id
  where silent.id = message.id;
  return silent_id;
end;
$$;

comment on function cc_private.give_silent_turn(public.cc_messages, text) is 'Moves the message into a turn that has ended in silence; gives its id.';
revoke all on function cc_private.give_silent_turn(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.is_answered_elsewhere(message public.cc_messages)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return message.recovered_at is not null
    and coalesce((message.body_json ->> 'answered_elsewhere')::boolean, false);
end;
$$;

comment on function cc_private.is_answered_elsewhere(public.cc_messages) is 'Whether Twilio''s list showed another system''s answer to a message that the sync brought.';
revoke all on function cc_private.is_answered_elsewhere(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.recovered_silence(message public.cc_messages)
returns text
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- SMS knows no window, but an answer that comes a day late helps nobody there either.
  return case
    when cc_private.is_answered_elsewhere(message) then 'answered_elsewhere'
    when message.recovered_at is not null
      and message.provider_created_at < clock_timestamp() - interval '24 hours'
      then 'outside_window'
  end;
end;
$$;

comment on function cc_private.recovered_silence(public.cc_messages) is 'Why a message that the sync brought gets no answer: answered_elsewhere, outside_window; null: it gets one.';
revoke all on function cc_private.recovered_silence(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.receive_in_silence(message public.cc_messages, word text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  settings public.cc_settings;
  reason text := case word
    when 'start' then 'opted_in'
    when 'stop' then 'opted_out'
    when 'opted_out' then 'opted_out'
    when 'overtaken' then 'overtaken'
    when 'answered_elsewhere' then 'answered_elsewhere'
    when 'outside_window' then 'outside_window'
    else 'opt_out_handled_by_twilio'
  end;
  turn_id uuid := cc_private.give_silent_turn(message, reason);
begin
  select tuned.* into strict settings from public.cc_settings as tuned;
  perform cc_private.record_arrival(message, turn_id);
  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'turn_answered', output => jsonb_build_object('turn_id', turn_id, 'reason', reason)
  ));

  if word = 'twilio_stop' then
    perform cc_private.opt_out_customer(message, 'advanced_opt_out');
  elsif word = 'twilio_start' then
    perform cc_private.opt_in_customer(message, 'advanced_opt_out');
  elsif word = 'stop' and cc_private.opt_out_customer(message, 'keyword') then
    perform cc_private.confirm(message, 'opt_out_confirmation', settings.opt_out_text);
  elsif word = 'start' and cc_private.opt_in_customer(message, 'keyword') then
    perform cc_private.confirm(message, 'notice', settings.opt_in_text);
  elsif word = 'outside_window' then
    perform cc_private.raise_alert(
      'recovered_too_late', 'a message was found more than 24 hours after it was written; it got no answer'
    );
  end if;
end;
$$;

comment on function cc_private.receive_in_silence(public.cc_messages, text) is 'Receives a message that no agent answers: records it, does what it asks, and confirms that once.';
revoke all on function cc_private.receive_in_silence(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.confirm(message public.cc_messages, kind text, body text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if body is not null and not cc_private.is_answered_elsewhere(message) then
    perform cc_private.store_outbound_messages(message.conversation_id, null, confirm.kind, array[body]);
  end if;
end;
$$;

comment on function cc_private.confirm(public.cc_messages, text, text) is 'Tells the customer what the message has brought about, when there is a text for it.';
revoke all on function cc_private.confirm(public.cc_messages, text, text) from public, anon, authenticated, service_role;
