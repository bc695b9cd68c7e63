-- After a restore to an earlier time: what the backup says is still to be done may have been done since.
-- The sync has brought what was sent in between, as messages that another system sent; here they are
-- given to those who were waiting for them.

create function cc_private.settle_restored_sends(restored_to timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  waiting public.cc_messages;
  sent public.cc_messages;
  settled_count integer := 0;
begin
  for waiting in
    select message.*
    from public.cc_messages as message
    where message.send_state = 'ready' and message.created_at <= restored_to
    order by message.conversation_id, message.seq
  loop
    -- Asked anew each time: what was given to the one before is gone.
    select taken.* into sent
    from public.cc_messages as taken
    where taken.direction = 'outbound' and taken.recovered_at is not null
      and taken.send_state = 'handed_over' and taken.to_address = waiting.to_address
      and taken.provider_created_at >= waiting.created_at - interval '10 seconds'
      and (
        waiting.content_sid is not null
        or btrim(taken.body_text, E' \t\n\r') = btrim(waiting.body_text, E' \t\n\r')
      )
    order by taken.provider_created_at, taken.seq
    limit 1;
    continue when not found;
    perform public.record_delivery_status(
      sent.provider_message_id, coalesce(sent.delivery_status, 'sent'), waiting.id
    );
    settled_count := settled_count + 1;
  end loop;
  return settled_count;
end;
$$;

comment on function cc_private.settle_restored_sends(timestamptz) is 'Gives to each message that waits to be sent the one in Twilio''s list that is it; gives their number. Called under the locks.';
revoke all on function cc_private.settle_restored_sends(timestamptz) from public, anon, authenticated, service_role;

create function cc_private.last_taken_over_at(conversation_id uuid)
returns timestamptz
language sql
volatile
set search_path = ''
as $$
  select max(taken.provider_created_at)
  from public.cc_messages as taken
  where taken.conversation_id = last_taken_over_at.conversation_id
    and taken.direction = 'outbound' and taken.recovered_at is not null
    and taken.send_state = 'handed_over'
    and coalesce(taken.delivery_status, 'sent') not in ('failed', 'undelivered', 'canceled', 'scheduled')
$$;

comment on function cc_private.last_taken_over_at(uuid) is 'When, by Twilio''s clock, the customer last got a message that is not ours, as far as the sync knows.';
revoke all on function cc_private.last_taken_over_at(uuid) from public, anon, authenticated, service_role;

create function cc_private.silence_answered(turn public.cc_turns, answered_at timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  answered public.cc_messages;
  silent_id uuid;
  answered_count integer := 0;
begin
  for answered in
    select message.*
    from public.cc_messages as message
    where message.turn_id = turn.id and message.direction = 'inbound'
      -- Twilio's times have whole seconds.
      and date_trunc('second', coalesce(message.provider_created_at, message.created_at)) <= answered_at
    order by message.seq
  loop
    silent_id := cc_private.give_silent_turn(answered, 'answered_elsewhere');
    perform cc_private.append_audit(turn.conversation_id, cc_private.audit_event(
      'turn_answered', message_id => answered.id,
      output => jsonb_build_object('turn_id', silent_id, 'reason', 'answered_elsewhere')
    ));
    answered_count := answered_count + 1;
  end loop;
  if answered_count > 0 and not exists (
    select from public.cc_messages as left_over where left_over.turn_id = turn.id
  ) then
    update public.cc_turns as ended
    set state = 'silent', silent_reason = 'answered_elsewhere', lease_until = null,
      finished_at = clock_timestamp()
    where ended.id = turn.id;
  end if;
  return answered_count;
end;
$$;

comment on function cc_private.silence_answered(public.cc_turns, timestamptz) is 'Takes out of an open turn the messages that were answered by then; the rest is answered as usual. Gives their number.';
revoke all on function cc_private.silence_answered(public.cc_turns, timestamptz) from public, anon, authenticated, service_role;

create function cc_private.settle_restored(restored_to timestamptz)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  turn public.cc_turns;
  settled_sends integer;
  answered_messages integer := 0;
begin
  -- All at once, in the order that every writer keeps: nothing else is at work while this runs.
  perform 1
  from public.cc_conversations as conversation
  where exists (
    select from public.cc_turns as open
    where open.conversation_id = conversation.id and open.state in ('pending', 'running', 'retrying')
  ) or exists (
    select from public.cc_messages as message
    where message.conversation_id = conversation.id
      and (message.send_state = 'ready' or message.direction = 'outbound' and message.recovered_at is not null)
  )
  order by conversation.id
  for update;

  settled_sends := cc_private.settle_restored_sends(restored_to);
  for turn in
    select open.*
    from public.cc_turns as open
    where open.state in ('pending', 'running', 'retrying') and open.created_at <= restored_to
    order by open.conversation_id, open.id
  loop
    answered_messages := answered_messages + coalesce(
      cc_private.silence_answered(turn, cc_private.last_taken_over_at(turn.conversation_id)), 0
    );
  end loop;
  return jsonb_build_object('settled_sends', settled_sends, 'answered_messages', answered_messages);
end;
$$;

comment on function cc_private.settle_restored(timestamptz) is 'After a restore to that time, and after the sync has read Twilio''s list from then on: nothing that was sent or answered since is sent or answered again. For the operator; see docs/deploy.md.';
revoke all on function cc_private.settle_restored(timestamptz) from public, anon, authenticated, service_role;
