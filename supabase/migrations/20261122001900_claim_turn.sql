-- Taking a conversation's next turn for the length of the lease. The answer is a value in every case:
-- `claimed` with all that an agent needs, or why there is nothing to do.

create function cc_private.next_turn(conversation_id uuid)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- The turn in work goes before the one that waits.
  return (
    select turn
    from public.cc_turns as turn
    where turn.conversation_id = next_turn.conversation_id
      and turn.state in ('pending', 'running', 'retrying')
    order by turn.state = 'pending'
    limit 1
  );
end;
$$;

comment on function cc_private.next_turn(uuid) is 'The conversation''s turn in work, else the pending one.';
revoke all on function cc_private.next_turn(uuid) from public, anon, authenticated, service_role;

create function cc_private.fuse_until()
returns timestamptz
language plpgsql
volatile
set search_path = ''
as $$
declare
  turns_per_minute integer := (select settings.turns_per_minute from public.cc_settings as settings);
  oldest timestamptz;
begin
  -- Not the clock itself: only a stable time can be looked up in the index.
  -- The claim that stands in the way is the one which, counted back, fills the minute.
  select turn.claimed_at into oldest
  from public.cc_turns as turn
  where turn.claimed_at > statement_timestamp() - interval '1 minute'
  order by turn.claimed_at desc
  offset turns_per_minute - 1
  limit 1;
  if not found then
    return null;
  end if;

  perform cc_private.raise_alert('fuse_blown', format(
    '%s turns were claimed within a minute; further ones wait', turns_per_minute
  ));
  return oldest + interval '1 minute';
end;
$$;

comment on function cc_private.fuse_until() is 'When the next turn may be claimed, while all customers together are over the limit of turns; else null.';
revoke all on function cc_private.fuse_until() from public, anon, authenticated, service_role;

create function public.claim_turn(conversation_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
-- As ingest_inbound_message: planned anew, a claim took 1.25 times as long, a delivery status 1.35 times.
set plan_cache_mode = 'force_generic_plan'
set enable_seqscan = off
set jit = off
as $$
declare
  conversation public.cc_conversations;
  turn public.cc_turns;
  fuse_until timestamptz;
begin
  select locked.* into conversation
  from public.cc_conversations as locked
  where locked.id = claim_turn.conversation_id
  for update;

  turn := cc_private.next_turn(conversation.id);
  if turn.state = 'running' and turn.lease_until <= clock_timestamp() then
    perform cc_private.record_turn_failure(turn, 'lease_expired', null);
    turn := cc_private.next_turn(conversation.id);
    -- Its death may have handed the conversation over.
    select locked.handler into conversation.handler
    from public.cc_conversations as locked
    where locked.id = conversation.id;
  end if;

  if turn.id is null then
    return jsonb_build_object('outcome', 'nothing_pending');
  elsif turn.state = 'running' then
    return jsonb_build_object('outcome', 'busy');
  elsif cc_private.is_opted_out(conversation.id) then
    -- A turn that was running when the opt-out came, or that somebody replays.
    perform cc_private.silence_waiting_turns(conversation.id);
    return jsonb_build_object('outcome', 'nothing_pending');
  elsif conversation.handler = 'human' then
    return jsonb_build_object('outcome', 'human_handles');
  elsif turn.due_at > clock_timestamp() then
    return jsonb_build_object('outcome', 'not_due') || cc_private.remaining_ms('due_in_ms', turn.due_at);
  end if;
  fuse_until := cc_private.fuse_until();
  if fuse_until is not null then
    return jsonb_build_object('outcome', 'not_due') || cc_private.remaining_ms('due_in_ms', fuse_until);
  end if;

  update public.cc_turns as claimed
  set state = 'running',
    attempt = claimed.attempt + 1,
    claimed_at = clock_timestamp(),
    lease_until = clock_timestamp() + (
      select settings.lease_seconds * interval '1 second' from public.cc_settings as settings
    )
  where claimed.id = turn.id
  returning claimed.* into turn;

  perform cc_private.append_audit(conversation.id, cc_private.audit_event(
    'turn_claimed', 'agent',
    output => jsonb_build_object('turn_id', turn.id, 'attempt', turn.attempt)
  ));
  return jsonb_build_object('outcome', 'claimed')
    || cc_private.turn_for_agent(turn)
    || cc_private.remaining_ms('lease_ms', turn.lease_until);
end;
$$;

comment on function public.claim_turn(uuid) is 'Takes the conversation''s next turn for the length of the lease: outcome claimed with its messages and history, or nothing_pending, busy, not_due, human_handles. Definer: callers have no grant on any table.';
revoke all on function public.claim_turn(uuid) from public, anon, authenticated;
grant execute on function public.claim_turn(uuid) to service_role;
