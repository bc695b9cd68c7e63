-- Calling a tool with an effect: asked for before, recorded after. Only the holder of the turn's lease
-- may begin; the same call of a later attempt gets the recorded result, or the same idempotency key.

create function public.begin_tool_call(turn_id uuid, attempt integer, tool text, arguments jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  turn public.cc_turns := cc_private.lock_running_turn(turn_id, attempt);
  call public.cc_tool_calls;
begin
  if turn.id is null then
    return jsonb_build_object('outcome', 'lease_lost');
  end if;

  insert into public.cc_tool_calls as known
    (first_message_id, tool, arguments, arguments_hash, turn_id, attempt)
  select message.id, begin_tool_call.tool, begin_tool_call.arguments,
    sha256(convert_to(begin_tool_call.arguments::text, 'UTF8')), turn.id, turn.attempt
  from public.cc_messages as message
  where message.turn_id = turn.id and message.direction = 'inbound'
  order by message.seq
  limit 1
  on conflict on constraint cc_tool_calls_once_key do update
  set turn_id = excluded.turn_id, attempt = excluded.attempt
  returning known.* into strict call;

  return jsonb_build_object(
    'outcome', case when call.result is null then 'started' else 'finished' end,
    'tool_call_id', call.id,
    'result', call.result
  );
end;
$$;

comment on function public.begin_tool_call(uuid, integer, text, jsonb) is 'Asks to call a tool that has an effect: outcome started (call it, with tool_call_id as idempotency key), finished with the recorded result, or lease_lost. Definer: callers have no grant on any table.';
revoke all on function public.begin_tool_call(uuid, integer, text, jsonb) from public, anon, authenticated;
grant execute on function public.begin_tool_call(uuid, integer, text, jsonb) to service_role;

create function public.finish_tool_call(tool_call_id uuid, result jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  call public.cc_tool_calls;
begin
  perform cc_private.lock_turn((
    select known.turn_id from public.cc_tool_calls as known where known.id = finish_tool_call.tool_call_id
  ));
  -- No attempt is asked for: what a tool has done is done, whoever comes to tell. The first word counts.
  update public.cc_tool_calls as called
  set result = coalesce(called.result, finish_tool_call.result),
    finished_at = coalesce(called.finished_at, clock_timestamp())
  where called.id = finish_tool_call.tool_call_id
  returning called.* into call;

  if call.id is null then
    raise exception 'Cannot finish tool call %: it was never begun', tool_call_id using errcode = 'SB003';
  end if;
  return jsonb_build_object('outcome', 'finished', 'tool_call_id', call.id, 'result', call.result);
end;
$$;

comment on function public.finish_tool_call(uuid, jsonb) is 'Records what the tool gave back, unless a result is recorded already, and answers with the one that counts. Definer: callers have no grant on any table.';
revoke all on function public.finish_tool_call(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.finish_tool_call(uuid, jsonb) to service_role;
