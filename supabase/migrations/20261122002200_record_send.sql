-- What became of a claimed send. Twilio's word that it took the message counts whoever brings it;
-- every other outcome counts only from the newest holder of the lease.

create function cc_private.postpone_send(message public.cc_messages, error_code text, error_message text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if message.send_attempt >= (select settings.max_send_attempts from public.cc_settings as settings) then
    perform cc_private.refuse_send(message, postpone_send.error_code, postpone_send.error_message);
    return;
  end if;

  update public.cc_messages as postponed
  set send_state = 'ready', send_lease_until = null,
    send_due_at = clock_timestamp() + cc_private.backoff(message.send_attempt),
    error_code = postpone_send.error_code, error_message = postpone_send.error_message,
    updated_at = now()
  where postponed.id = message.id;
end;
$$;

comment on function cc_private.postpone_send(public.cc_messages, text, text) is 'Twilio said later: the message waits and is sent again, until its attempts are used up.';
revoke all on function cc_private.postpone_send(public.cc_messages, text, text) from public, anon, authenticated, service_role;

create function public.record_send(
  message_id uuid,
  attempt integer,
  outcome text,
  provider_message_id text default null,
  delivery_status text default null,
  error_code text default null,
  error_message text default null
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
  message public.cc_messages := cc_private.lock_owner(message_id, array[provider_message_id]);
begin
  if outcome = 'handed_over' and message.provider_message_id = record_send.provider_message_id then
    return jsonb_build_object('outcome', 'already_recorded');
  elsif outcome = 'handed_over' and message.send_state = 'handed_over' then
    perform cc_private.report_doubled(message, record_send.provider_message_id);
    return jsonb_build_object('outcome', 'doubled');
  elsif outcome = 'handed_over' and message.id is not null then
    perform cc_private.hand_over_send(message, record_send.provider_message_id, record_send.delivery_status);
    return jsonb_build_object('outcome', 'recorded');
  elsif message.send_state is distinct from 'sending'
    or message.send_attempt is distinct from record_send.attempt
  then
    return jsonb_build_object('outcome', 'lease_lost');
  end if;

  case outcome
    when 'refused' then
      perform cc_private.refuse_send(message, record_send.error_code, record_send.error_message);
      perform cc_private.heed_blocked_send(message, record_send.error_code);
    when 'postponed' then
      perform cc_private.postpone_send(message, record_send.error_code, record_send.error_message);
    when 'uncertain' then
      perform cc_private.doubt_send(message, record_send.error_code, record_send.error_message);
    else
      raise exception 'Cannot record send of %: outcome "%" is unknown', message_id, outcome
        using errcode = 'SB003', hint = 'Use handed_over, refused, postponed or uncertain.';
  end case;
  return jsonb_build_object('outcome', 'recorded');
end;
$$;

comment on function public.record_send(uuid, integer, text, text, text, text, text) is 'Records how a claimed send ended: handed_over (with Twilio''s id, whatever the attempt), refused, postponed or uncertain; answers recorded, already_recorded, lease_lost, or doubled when Twilio has it twice. Definer: callers have no grant on any table.';
revoke all on function public.record_send(uuid, integer, text, text, text, text, text) from public, anon, authenticated;
grant execute on function public.record_send(uuid, integer, text, text, text, text, text) to service_role;
