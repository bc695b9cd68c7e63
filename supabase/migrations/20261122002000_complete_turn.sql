-- The agent's answer becomes outbound messages and the end of the turn, in one transaction. Only the
-- newest holder of the lease may do it, and doing it again gives back what was stored.

create function cc_private.elapsed_ms(since timestamptz)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
begin
  return (
    select ceil(extract(epoch from clock_timestamp() - since) * 1000)::bigint
  );
end;
$$;

comment on function cc_private.elapsed_ms(timestamptz) is 'The milliseconds since then.';
revoke all on function cc_private.elapsed_ms(timestamptz) from public, anon, authenticated, service_role;

create function cc_private.turn_outcome(turn public.cc_turns)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'outcome', turn.state,
      'message_ids', coalesce(jsonb_agg(message.id order by message.seq), '[]')
    )
    from public.cc_messages as message
    where message.turn_id = turn.id and message.direction = 'outbound'
  );
end;
$$;

comment on function cc_private.turn_outcome(public.cc_turns) is 'How a finished turn ended, and the messages it wrote.';
revoke all on function cc_private.turn_outcome(public.cc_turns) from public, anon, authenticated, service_role;

create function cc_private.refuse_half_answer(
  turn_id uuid,
  reply text[],
  silent_reason text,
  hand_over_reason text
)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if (cardinality(reply) = 0 and hand_over_reason is null) is distinct from (silent_reason is not null) then
    raise exception 'Cannot complete turn %: it needs either a reply or a silent_reason', turn_id
      using errcode = 'SB003';
  elsif exists (select from unnest(reply) as part (body) where btrim(part.body, E' \t\n\r') = '') then
    raise exception 'Cannot complete turn %: a part of its reply is empty', turn_id
      using errcode = 'SB003';
  end if;
end;
$$;

comment on function cc_private.refuse_half_answer(uuid, text[], text, text) is 'Raises SB003 for an answer that says nothing and does not say why, or of which a part is empty.';
revoke all on function cc_private.refuse_half_answer(uuid, text[], text, text) from public, anon, authenticated, service_role;

create function cc_private.end_by_hand_over(turn public.cc_turns, reply text[], reason text, work jsonb)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform cc_private.record_turn_work(turn, work);
  perform cc_private.append_audit(turn.conversation_id, variadic cc_private.passed_over(turn, work));
  perform cc_private.give_to_person(
    turn.conversation_id, reason, 'agent', nullif(reply, '{}'), turn.id, cc_private.work_facts(work)
  );
  turn.state := 'silent';
  return turn;
end;
$$;

comment on function cc_private.end_by_hand_over(public.cc_turns, text[], text, jsonb) is 'Ends a turn whose agent wants a person; the reply is what the customer is told.';
revoke all on function cc_private.end_by_hand_over(public.cc_turns, text[], text, jsonb) from public, anon, authenticated, service_role;

create function cc_private.end_by_answer(turn public.cc_turns, reply text[], silent_reason text, work jsonb)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_turns as finished
  set state = case when end_by_answer.silent_reason is null then 'answered' else 'silent' end,
    silent_reason = end_by_answer.silent_reason,
    lease_until = null,
    due_at = null,
    finished_at = clock_timestamp()
  where finished.id = turn.id
  returning finished.* into turn;

  if turn.state = 'answered' then
    perform cc_private.store_outbound_messages(turn.conversation_id, turn.id, 'reply', reply);
  end if;
  perform cc_private.record_turn_work(turn, work);
  perform cc_private.append_audit(
    turn.conversation_id,
    variadic cc_private.passed_over(turn, work) || cc_private.audit_event(
      'turn_answered', 'agent',
      output => jsonb_build_object(
        'turn_id', turn.id,
        'attempt', turn.attempt,
        'part_count', cardinality(reply),
        'body_length', length(array_to_string(reply, '')),
        'worked_ms', cc_private.elapsed_ms(turn.claimed_at),
        'reason', turn.silent_reason
      ) || cc_private.work_facts(work)
    )
  );
  return turn;
end;
$$;

comment on function cc_private.end_by_answer(public.cc_turns, text[], text, jsonb) is 'Ends a turn with the parts of its reply, or with the reason why there is none.';
revoke all on function cc_private.end_by_answer(public.cc_turns, text[], text, jsonb) from public, anon, authenticated, service_role;

create function public.complete_turn(
  turn_id uuid,
  attempt integer,
  reply text[] default '{}',
  silent_reason text default null,
  hand_over_reason text default null,
  work jsonb default '{}'
)
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
  turn public.cc_turns := cc_private.lock_turn(turn_id);
begin
  perform cc_private.refuse_half_answer(turn_id, reply, silent_reason, hand_over_reason);
  if turn.attempt = complete_turn.attempt and turn.state in ('answered', 'silent') then
    return cc_private.turn_outcome(turn);
  end if;
  if turn.state is distinct from 'running' or turn.attempt is distinct from complete_turn.attempt then
    return jsonb_build_object('outcome', 'lease_lost');
  end if;

  turn := case when hand_over_reason is null
    then cc_private.end_by_answer(turn, reply, silent_reason, work)
    else cc_private.end_by_hand_over(turn, reply, hand_over_reason, work)
  end;
  perform cc_private.count_tokens(work);
  return cc_private.turn_outcome(turn);
end;
$$;

comment on function public.complete_turn(uuid, integer, text[], text, text, jsonb) is 'Ends the turn with the parts of a reply, with the reason for silence, or by handing over to a person (the reply is then what the customer is told), and keeps the work it cost: outcome answered or silent with the stored message ids, or lease_lost. Definer: callers have no grant on any table.';
revoke all on function public.complete_turn(uuid, integer, text[], text, text, jsonb) from public, anon, authenticated;
grant execute on function public.complete_turn(uuid, integer, text[], text, text, jsonb) to service_role;
