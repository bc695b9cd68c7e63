-- What a crash leaves behind: leases that end under nobody's hands.

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
