-- What a lost ring leaves behind: something is due, and nobody was rung for it.

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
