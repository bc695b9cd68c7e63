-- A turn that failed is tried again later, at growing distances, until its failures are used up. Then
-- it is dead, and the customer is told once that a person will answer.

create function cc_private.backoff(failure_count integer)
returns interval
language sql
volatile
set search_path = ''
as $$
  -- Doubling, with a jitter of ±20 % so that what failed together does not come back together.
  select interval '1 millisecond' * least(
    settings.backoff_max_ms,
    (0.8 + 0.4 * random()) * settings.backoff_base_ms * 2 ^ least(backoff.failure_count - 1, 30)
  )
  from public.cc_settings as settings
$$;

comment on function cc_private.backoff(integer) is 'How long to wait after so many failures.';
revoke all on function cc_private.backoff(integer) from public, anon, authenticated, service_role;

create function cc_private.record_turn_failure(
  turn public.cc_turns,
  error_code text,
  error_message text,
  is_final boolean default false,
  work jsonb default '{}'
)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
declare
  failed public.cc_turns;
begin
  update public.cc_turns as failing
  set state = case when is_dead then 'dead' else 'retrying' end,
    failure_count = turn.failure_count + 1,
    lease_until = null,
    due_at = case when not is_dead then clock_timestamp() + cc_private.backoff(turn.failure_count + 1) end,
    finished_at = case when is_dead then clock_timestamp() end,
    last_error_code = record_turn_failure.error_code,
    last_error_message = record_turn_failure.error_message
  from (
    select is_final or turn.failure_count + 1 >= settings.max_failures as is_dead
    from public.cc_settings as settings
  ) as verdict
  where failing.id = turn.id
  returning failing.* into failed;

  perform cc_private.append_audit(
    failed.conversation_id,
    variadic cc_private.passed_over(failed, work) || cc_private.audit_event(
      'turn_failed', 'agent',
      output => jsonb_build_object(
        'turn_id', failed.id, 'attempt', failed.attempt, 'failure_count', failed.failure_count
      ) || cc_private.work_facts(work),
      error_code => failed.last_error_code
    )
  );
  if failed.state = 'dead' then
    perform cc_private.bury_turn(failed);
  end if;
  return failed;
end;
$$;

comment on function cc_private.record_turn_failure(public.cc_turns, text, text, boolean, jsonb) is 'Counts a failure of a running turn: retrying, or dead when its failures are used up; called under the conversation''s lock.';
revoke all on function cc_private.record_turn_failure(public.cc_turns, text, text, boolean, jsonb) from public, anon, authenticated, service_role;

create function cc_private.bury_turn(turn public.cc_turns)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  settings public.cc_settings;
begin
  select current.* into settings from public.cc_settings as current;
  update public.cc_messages as message
  set fallback_at = clock_timestamp()
  where message.turn_id = turn.id and message.direction = 'inbound' and message.fallback_at is null;
  -- A replayed turn that dies again has nothing new to apologise for.
  if found then
    perform cc_private.store_outbound_messages(turn.conversation_id, turn.id, 'fallback', array[settings.fallback_text]);
  end if;

  perform cc_private.append_audit(turn.conversation_id, cc_private.audit_event(
    'turn_died',
    output => jsonb_build_object('turn_id', turn.id, 'failure_count', turn.failure_count),
    error_code => turn.last_error_code
  ));
  perform cc_private.raise_alert('turn_died', format(
    'turn %s died after %s failures (%s); %s',
    turn.id, turn.failure_count, cc_private.printable_code(turn.last_error_code),
    case when settings.hand_over_dead_turns
      then format('conversation %s needs a person', turn.conversation_id)
      else 'replay it when the cause is mended'
    end
  ));
  if settings.hand_over_dead_turns then
    -- The fallback is what the customer is told.
    perform cc_private.give_to_person(turn.conversation_id, 'turn_died', 'system', '{}');
  end if;
end;
$$;

comment on function cc_private.bury_turn(public.cc_turns) is 'What a turn''s death brings: the fallback text for its messages, once for each, the record, an alert, and a person unless a setting says otherwise.';
revoke all on function cc_private.bury_turn(public.cc_turns) from public, anon, authenticated, service_role;

create function cc_private.lock_turn(turn_id uuid)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
declare
  locked public.cc_turns;
begin
  -- A turn never moves to another conversation, so its conversation can be read before it is locked.
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = (
    select turn.conversation_id from public.cc_turns as turn where turn.id = lock_turn.turn_id
  )
  for update;

  select turn.* into locked
  from public.cc_turns as turn
  where turn.id = lock_turn.turn_id
  for update;
  return locked;
end;
$$;

comment on function cc_private.lock_turn(uuid) is 'Locks the turn''s conversation and then the turn; a null row where there is no such turn.';
revoke all on function cc_private.lock_turn(uuid) from public, anon, authenticated, service_role;

create function public.fail_turn(
  turn_id uuid,
  attempt integer,
  error_code text,
  error_message text default null,
  is_final boolean default false,
  work jsonb default '{}'
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  turn public.cc_turns := cc_private.lock_turn(turn_id);
begin
  if turn.attempt = fail_turn.attempt and turn.state in ('answered', 'silent') then
    return jsonb_build_object('outcome', 'already_answered');
  end if;
  if turn.state is distinct from 'running' or turn.attempt is distinct from fail_turn.attempt then
    return jsonb_build_object('outcome', 'lease_lost');
  end if;

  perform cc_private.record_turn_work(turn, work);
  turn := cc_private.record_turn_failure(
    turn, coalesce(fail_turn.error_code, 'unknown'), fail_turn.error_message, fail_turn.is_final, work
  );
  perform cc_private.count_tokens(work);
  return jsonb_build_object('outcome', turn.state) || cc_private.remaining_ms('due_in_ms', turn.due_at);
end;
$$;

create function cc_private.remaining_ms(name text, until timestamptz)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
begin
  return (
    select case when until is null then '{}' else jsonb_build_object(
      name, greatest(0, ceil(extract(epoch from until - clock_timestamp()) * 1000))
    ) end
  );
end;
$$;

comment on function cc_private.remaining_ms(text, timestamptz) is 'The milliseconds from now until then, under this name; nothing when there is no then.';
revoke all on function cc_private.remaining_ms(text, timestamptz) from public, anon, authenticated, service_role;

comment on function public.fail_turn(uuid, integer, text, text, boolean, jsonb) is 'The holder of the lease gives the turn back as failed, with the work it cost: outcome retrying, dead, lease_lost or already_answered. Definer: callers have no grant on any table.';
revoke all on function public.fail_turn(uuid, integer, text, text, boolean, jsonb) from public, anon, authenticated;
grant execute on function public.fail_turn(uuid, integer, text, text, boolean, jsonb) to service_role;
