-- Conversations that somebody has left: by the person who handled them, or by everybody.

create function cc_private.return_to_agent()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  returns_before timestamptz := statement_timestamp() - (
    select settings.return_to_agent_minutes * interval '1 minute' from public.cc_settings as settings
  );
  left_id uuid;
  returned_count integer := 0;
begin
  for left_id in
    select conversation.id
    from public.cc_conversations as conversation
    where conversation.handler = 'human' and conversation.person_awaited_since <= returns_before
    order by conversation.person_awaited_since
    limit cc_private.sweep_limit()
  loop
    continue when not cc_private.try_lock_conversation(left_id);
    -- The person may have acted between the look and the lock.
    continue when not exists (
      select
      from public.cc_conversations as conversation
      where conversation.id = left_id
        and conversation.handler = 'human' and conversation.person_awaited_since <= returns_before
    );
    begin
      perform cc_private.give_to_agent(left_id, 'left_by_person', 'system');
      returned_count := returned_count + 1;
    exception when others then
      perform cc_private.report_sweep_error('return_to_agent', left_id, sqlstate);
    end;
  end loop;
  return returned_count;
end;
$$;

comment on function cc_private.return_to_agent() is 'Gives back what a person has left for too long; gives the number of conversations.';
revoke all on function cc_private.return_to_agent() from public, anon, authenticated, service_role;

create function cc_private.close_if_idle(conversation_id uuid, idle interval)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation public.cc_conversations;
  idle_at timestamptz;
begin
  select found.* into conversation
  from public.cc_conversations as found
  where found.id = close_if_idle.conversation_id;
  idle_at := idle + greatest(
    conversation.updated_at, conversation.last_inbound_at, conversation.person_awaited_since
  );
  if conversation.status = 'active' and idle_at <= clock_timestamp()
    and not cc_private.has_open_work(conversation.id)
  then
    perform cc_private.end_conversation(conversation.id, 'idle', 'system');
    return true;
  end if;

  -- What is still open may take long (a person, a send in doubt): not every sweep asks again.
  update public.cc_conversations as kept
  set idle_check_at = greatest(idle_at, clock_timestamp() + interval '10 minutes')
  where kept.id = conversation.id;
  return false;
end;
$$;

comment on function cc_private.close_if_idle(uuid, interval) is 'Closes the conversation when nobody has written for so long and nothing is open; else says when to look again. Called under its lock.';
revoke all on function cc_private.close_if_idle(uuid, interval) from public, anon, authenticated, service_role;

create function cc_private.close_idle()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  idle interval := (
    select settings.close_after_minutes * interval '1 minute' from public.cc_settings as settings
  );
  idle_id uuid;
  closed_count integer := 0;
begin
  if idle is null then
    return 0;
  end if;
  for idle_id in
    select conversation.id
    from public.cc_conversations as conversation
    where conversation.status = 'active' and conversation.idle_check_at <= statement_timestamp()
    order by conversation.idle_check_at
    limit cc_private.sweep_limit()
  loop
    continue when not cc_private.try_lock_conversation(idle_id);
    begin
      closed_count := closed_count + cc_private.close_if_idle(idle_id, idle)::integer;
    exception when others then
      perform cc_private.report_sweep_error('close_idle', idle_id, sqlstate);
    end;
  end loop;
  return closed_count;
end;
$$;

comment on function cc_private.close_idle() is 'Closes the conversations in which nobody has written for long; gives their number.';
revoke all on function cc_private.close_idle() from public, anon, authenticated, service_role;
