-- What a crash or a lost ring leaves behind is found here, every ten seconds. Each step looks through a
-- partial index that is empty when nothing waits, skips what somebody else has locked, and takes a
-- row that fails as one row: the others go on.

-- The largest number of conversations that one step of one sweep touches: pg_net carries about 210
-- requests a second.
create function cc_private.sweep_limit()
returns integer
language sql
immutable
set search_path = ''
as $$
  select 500
$$;

comment on function cc_private.sweep_limit() is 'How many rows one step of a sweep takes at most.';
revoke all on function cc_private.sweep_limit() from public, anon, authenticated, service_role;

create function cc_private.try_lock_conversation(conversation_id uuid)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = try_lock_conversation.conversation_id
  for update skip locked;
  return found;
end;
$$;

comment on function cc_private.try_lock_conversation(uuid) is 'Locks the conversation if nobody else has; false otherwise.';
revoke all on function cc_private.try_lock_conversation(uuid) from public, anon, authenticated, service_role;

create function cc_private.expire_turn_leases()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  expired record;
  turn public.cc_turns;
  expired_count integer := 0;
begin
  for expired in
    select running.id, running.conversation_id
    from public.cc_turns as running
    where running.state = 'running' and running.lease_until <= clock_timestamp()
    order by running.conversation_id
    limit cc_private.sweep_limit()
  loop
    continue when not cc_private.try_lock_conversation(expired.conversation_id);
    begin
      turn := cc_private.lock_turn(expired.id);
      continue when turn.state <> 'running' or turn.lease_until > clock_timestamp();
      perform cc_private.record_turn_failure(turn, 'lease_expired', null);
      expired_count := expired_count + 1;
    exception when others then
      perform cc_private.report_sweep_error('expire_turn_leases', expired.id, sqlstate);
    end;
  end loop;
  return expired_count;
end;
$$;

comment on function cc_private.expire_turn_leases() is 'Turns whose worker did not come back count one failure; gives their number.';
revoke all on function cc_private.expire_turn_leases() from public, anon, authenticated, service_role;

create function cc_private.expire_send_leases()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  expired record;
  message public.cc_messages;
  expired_count integer := 0;
begin
  for expired in
    select sending.id, sending.conversation_id
    from public.cc_messages as sending
    where sending.send_state = 'sending' and sending.send_lease_until <= clock_timestamp()
    order by sending.conversation_id
    limit cc_private.sweep_limit()
  loop
    continue when not cc_private.try_lock_conversation(expired.conversation_id);
    begin
      message := cc_private.lock_message(expired.id);
      continue when message.send_state <> 'sending' or message.send_lease_until > clock_timestamp();
      perform cc_private.doubt_send(message, 'lease_expired');
      expired_count := expired_count + 1;
    exception when others then
      perform cc_private.report_sweep_error('expire_send_leases', expired.id, sqlstate);
    end;
  end loop;
  return expired_count;
end;
$$;

comment on function cc_private.expire_send_leases() is 'Sends whose sender did not come back are uncertain; gives their number.';
revoke all on function cc_private.expire_send_leases() from public, anon, authenticated, service_role;

create function cc_private.conversations_to_dispatch()
returns setof uuid
language sql
volatile
set search_path = ''
as $$
  with settings as (
    select clock_timestamp() - redispatch_seconds * interval '1 second' as rung_before
    from public.cc_settings
  ),
  due_turns as (
    select turn.conversation_id, turn.due_at
    from public.cc_turns as turn, settings
    where turn.state in ('pending', 'retrying')
      and turn.due_at <= clock_timestamp()
      and coalesce(turn.dispatched_at, '-infinity') < settings.rung_before
    order by turn.due_at
    limit cc_private.sweep_limit()
  ),
  due_sends as (
    select message.conversation_id, message.send_due_at as due_at
    from public.cc_messages as message, settings
    where message.send_state = 'ready'
      and message.send_due_at <= clock_timestamp()
      and coalesce(message.send_dispatched_at, '-infinity') < settings.rung_before
    order by message.send_due_at
    limit cc_private.sweep_limit()
  )
  select waiting.conversation_id
  from (select * from due_turns union all select * from due_sends) as waiting
  group by waiting.conversation_id
  order by min(waiting.due_at)
  limit cc_private.sweep_limit()
$$;

comment on function cc_private.conversations_to_dispatch() is 'Where something is due and nobody was rung for it lately, the longest wait first.';
revoke all on function cc_private.conversations_to_dispatch() from public, anon, authenticated, service_role;

create function cc_private.waits_for_ring(conversation_id uuid)
returns boolean
language sql
volatile
set search_path = ''
as $$
  select exists (
    select
    from public.cc_turns as turn
    where turn.conversation_id = waits_for_ring.conversation_id
      and turn.state in ('pending', 'retrying')
      and turn.due_at <= clock_timestamp()
      and coalesce(turn.dispatched_at, '-infinity') < settings.rung_before
  ) or exists (
    select
    from public.cc_messages as message
    where message.conversation_id = waits_for_ring.conversation_id
      and message.send_state = 'ready'
      and message.send_due_at <= clock_timestamp()
      and coalesce(message.send_dispatched_at, '-infinity') < settings.rung_before
  )
  from (
    select clock_timestamp() - redispatch_seconds * interval '1 second' as rung_before
    from public.cc_settings
  ) as settings
$$;

comment on function cc_private.waits_for_ring(uuid) is 'Whether something in the conversation is due and nobody was rung for it lately: asked again under its lock.';
revoke all on function cc_private.waits_for_ring(uuid) from public, anon, authenticated, service_role;

create function cc_private.dispatch_due()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  waiting_id uuid;
  dispatched_count integer := 0;
begin
  for waiting_id in select * from cc_private.conversations_to_dispatch() loop
    continue when not cc_private.try_lock_conversation(waiting_id);
    -- Another sweep may have rung between the look and the lock.
    continue when not cc_private.waits_for_ring(waiting_id);
    begin
      perform cc_private.dispatch_again(waiting_id);
      dispatched_count := dispatched_count + 1;
    exception when others then
      perform cc_private.report_sweep_error('dispatch_due', waiting_id, sqlstate);
    end;
  end loop;
  return dispatched_count;
end;
$$;

comment on function cc_private.dispatch_due() is 'Rings for due turns and messages whose ring was lost; gives the number of conversations.';
revoke all on function cc_private.dispatch_due() from public, anon, authenticated, service_role;
