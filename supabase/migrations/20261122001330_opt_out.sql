-- A customer who wants no messages gets none. On WhatsApp Twilio blocks nothing by itself, so STOP is
-- ours to understand; with Twilio's Advanced Opt-Out (`OptOutType`) Twilio answers, and we take note.

create function cc_private.is_keyword(body text, plain_keywords text[])
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- No keyword is that long: most messages cost nothing here.
  return length(body) <= 40
    and coalesce(nullif(cc_private.plain_words(body), '') = any (plain_keywords), false);
end;
$$;

comment on function cc_private.is_keyword(text, text[]) is 'Whether the whole message is one of these words, which are plain already.';
revoke all on function cc_private.is_keyword(text, text[]) from public, anon, authenticated, service_role;

create function cc_private.is_opted_out(conversation_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select customer.opted_out_at is not null
    from public.cc_conversations as conversation
    join public.cc_customers as customer on customer.id = conversation.customer_id
    where conversation.id = is_opted_out.conversation_id
  );
end;
$$;

comment on function cc_private.is_opted_out(uuid) is 'Whether the conversation''s customer wants no messages.';
revoke all on function cc_private.is_opted_out(uuid) from public, anon, authenticated, service_role;

create function cc_private.wrote_later(message public.cc_messages, customer_id uuid, plain_keywords text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  -- Without Twilio's time it is no message of the past.
  select message.provider_created_at is not null and exists (
    select
    from public.cc_conversations as conversation
    join public.cc_messages as later on later.conversation_id = conversation.id
    where conversation.customer_id = wrote_later.customer_id
      and later.direction = 'inbound'
      and later.id <> message.id
      and coalesce(later.provider_created_at, later.created_at) > message.provider_created_at
      and (
        cc_private.is_keyword(later.body_text, wrote_later.plain_keywords)
        or later.body_json #>> '{parameters,OptOutType}' = 'START'
      )
  )
$$;

comment on function cc_private.wrote_later(public.cc_messages, uuid, text[]) is 'Whether the customer has written one of these words (or Twilio understood START) since this message, which the sync brought late.';
revoke all on function cc_private.wrote_later(public.cc_messages, uuid, text[]) from public, anon, authenticated, service_role;

create function cc_private.opt_out_word(
  message public.cc_messages,
  customer public.cc_customers,
  opt_out_keywords text[],
  opt_in_keywords text[]
)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  twilio_word text := upper(
    jsonb_path_query_first(message.body_json, '$.parameters.OptOutType[*]') #>> '{}'
  );
begin
  return case
    when twilio_word = 'STOP' then 'twilio_stop'
    when twilio_word = 'START' then 'twilio_start'
    when twilio_word <> '' then 'twilio_other'
    when customer.opted_out_at is null and cc_private.is_keyword(message.body_text, opt_out_keywords)
      then case when cc_private.wrote_later(message, customer.id, opt_in_keywords)
        then 'overtaken' else 'stop'
      end
    when customer.opted_out_at is null then null
    when cc_private.is_keyword(message.body_text, opt_in_keywords)
      then case when customer.opted_out_at > message.provider_created_at then 'overtaken' else 'start' end
    else 'opted_out'
  end;
end;
$$;

comment on function cc_private.opt_out_word(public.cc_messages, public.cc_customers, text[], text[]) is 'Why no agent answers this message: stop, start, overtaken (a stop or start that came late, after a newer start or stop), opted_out (its customer is), or what Twilio has answered itself (twilio_stop, twilio_start, twilio_other); null: an agent does. The keywords are plain already.';
revoke all on function cc_private.opt_out_word(public.cc_messages, public.cc_customers, text[], text[]) from public, anon, authenticated, service_role;

create function cc_private.silence_waiting_turns(conversation_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  silenced_id uuid;
begin
  for silenced_id in
    update public.cc_turns as turn
    set state = 'silent', silent_reason = 'opted_out', due_at = null, finished_at = clock_timestamp()
    where turn.conversation_id = silence_waiting_turns.conversation_id
      and turn.state in ('pending', 'retrying')
    returning turn.id
  loop
    perform cc_private.append_audit(silence_waiting_turns.conversation_id, cc_private.audit_event(
      'turn_answered', output => jsonb_build_object('turn_id', silenced_id, 'reason', 'opted_out')
    ));
  end loop;
end;
$$;

comment on function cc_private.silence_waiting_turns(uuid) is 'Ends the turns that wait, since their customer wants no answer any more.';
revoke all on function cc_private.silence_waiting_turns(uuid) from public, anon, authenticated, service_role;

create function cc_private.opt_out_customer(message public.cc_messages, reason text)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_customers as customer
  set opted_out_at = coalesce(message.provider_created_at, clock_timestamp())
  from public.cc_conversations as conversation
  where conversation.id = message.conversation_id
    and customer.id = conversation.customer_id
    and customer.opted_out_at is null;
  if not found then
    return false;
  end if;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'customer_opted_out', message_id => message.id,
    output => jsonb_build_object('reason', opt_out_customer.reason)
  ));
  perform cc_private.silence_waiting_turns(message.conversation_id);
  return true;
end;
$$;

comment on function cc_private.opt_out_customer(public.cc_messages, text) is 'From now on the customer gets nothing, and what waits for an answer stays without; false when it was so already. Called under the conversation''s lock.';
revoke all on function cc_private.opt_out_customer(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.opt_in_customer(message public.cc_messages, reason text)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_customers as customer
  set opted_out_at = null, opted_in_at = coalesce(message.provider_created_at, clock_timestamp())
  from public.cc_conversations as conversation
  where conversation.id = message.conversation_id
    and customer.id = conversation.customer_id
    and customer.opted_out_at is not null;
  if not found then
    return false;
  end if;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'customer_opted_in', message_id => message.id,
    output => jsonb_build_object('reason', opt_in_customer.reason)
  ));
  return true;
end;
$$;

comment on function cc_private.opt_in_customer(public.cc_messages, text) is 'The customer gets messages again; false when nothing forbade it. Called under the conversation''s lock.';
revoke all on function cc_private.opt_in_customer(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.heed_blocked_send(message public.cc_messages, error_code text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  opted_in_at timestamptz;
begin
  if heed_blocked_send.error_code is distinct from '21610' then
    return;
  end if;
  select customer.opted_in_at into opted_in_at
  from public.cc_conversations as conversation
  join public.cc_customers as customer on customer.id = conversation.customer_id
  where conversation.id = message.conversation_id;
  -- A late word about what was sent before the customer came back says nothing of today.
  if coalesce(coalesce(message.send_claimed_at, message.provider_created_at) >= opted_in_at, true) then
    perform cc_private.opt_out_customer(message, 'twilio_error');
  end if;
end;
$$;

comment on function cc_private.heed_blocked_send(public.cc_messages, text) is 'Twilio''s 21610 means that the customer has opted out with Twilio: then with us as well.';
revoke all on function cc_private.heed_blocked_send(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.give_silent_turn(message public.cc_messages, reason text)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  silent_id uuid := gen_random_uuid();
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
