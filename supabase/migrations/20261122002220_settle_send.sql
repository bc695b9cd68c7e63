-- An uncertain message is never blindly sent again. Twilio's own list shows it, or shows twice, far
-- enough apart, that it is absent. Only then it may be sent anew.

create function public.list_uncertain_sends(maximum integer default 100)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  -- The time is the database's own, so that no clock but one decides how far apart two readings are.
  select jsonb_build_object(
    'read_started_at', clock_timestamp(),
    'messages', coalesce(jsonb_agg(jsonb_build_object(
      'message_id', waiting.id,
      'attempt', waiting.send_attempt,
      'to_address', waiting.to_address,
      'claimed_at', waiting.send_claimed_at
    )), '[]')
  )
  from (
    select message.*
    from public.cc_messages as message
    where message.send_state = 'uncertain'
    order by message.send_lease_until
    limit list_uncertain_sends.maximum
  ) as waiting
$$;

comment on function public.list_uncertain_sends(integer) is 'The messages of which nobody knows whether Twilio took them, and the time at which a reading of its list may begin now. Definer: callers have no grant on any table.';
revoke all on function public.list_uncertain_sends(integer) from public, anon, authenticated;
grant execute on function public.list_uncertain_sends(integer) to service_role;

create function cc_private.find_in_list(message public.cc_messages, listed jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  -- A template's body is known to Twilio alone. Twilio's times have whole seconds, and its clock need not be ours.
  select entry
  from jsonb_array_elements(listed) as entry
  where (
      message.content_sid is not null
      or btrim(entry ->> 'body', E' \t\n\r') = btrim(message.body_text, E' \t\n\r')
    )
    and (entry ->> 'date_created')::timestamptz >= message.send_claimed_at - interval '10 seconds'
    and not exists (
      select
      from public.cc_messages as known
      where known.provider = message.provider and known.provider_message_id = entry ->> 'sid'
        and not (known.direction = 'outbound' and known.recovered_at is not null)
    )
  order by (entry ->> 'date_created')::timestamptz
  limit 1
$$;

comment on function cc_private.find_in_list(public.cc_messages, jsonb) is 'The entry of Twilio''s list which must be this message: none of ours yet, made since its claim, with its body (any, when it is a template).';
revoke all on function cc_private.find_in_list(public.cc_messages, jsonb) from public, anon, authenticated, service_role;

create function cc_private.count_absence(message public.cc_messages, read_started_at timestamptz)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  grace interval := (
    select settings.settle_grace_seconds * interval '1 second' from public.cc_settings as settings
  );
begin
  if read_started_at < coalesce(message.absent_since, message.send_lease_until) + grace then
    return 'too_early';
  elsif message.absent_since is null then
    update public.cc_messages as absent
    set absent_since = clock_timestamp(), updated_at = now()
    where absent.id = message.id;
    return 'absent_once';
  end if;

  update public.cc_messages as absent
  set send_state = 'ready', send_due_at = clock_timestamp(), send_lease_until = null,
    absent_since = null, error_code = 'proven_absent', error_message = null, updated_at = now()
  where absent.id = message.id;
  perform cc_private.dispatch_again(message.conversation_id);
  return 'proven_absent';
end;
$$;

comment on function cc_private.count_absence(public.cc_messages, timestamptz) is 'A complete reading of Twilio''s list did not show the message: the second such reading, far enough from the first, makes it ready again.';
revoke all on function cc_private.count_absence(public.cc_messages, timestamptz) from public, anon, authenticated, service_role;

create function public.settle_send(
  message_id uuid,
  attempt integer,
  read_started_at timestamptz,
  listed jsonb
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
  message public.cc_messages := cc_private.lock_owner(
    message_id, array(select entry ->> 'sid' from jsonb_array_elements(listed) as entry)
  );
  found_entry jsonb;
begin
  if message.send_state is distinct from 'uncertain'
    or message.send_attempt is distinct from settle_send.attempt
  then
    return jsonb_build_object('outcome', 'settled_already');
  end if;

  found_entry := cc_private.find_in_list(message, listed);
  if found_entry is null then
    return jsonb_build_object('outcome', cc_private.count_absence(message, read_started_at));
  end if;
  perform cc_private.hand_over_send(message, found_entry ->> 'sid', found_entry ->> 'status');
  perform cc_private.ring_for_rest(message.conversation_id);
  return jsonb_build_object('outcome', 'found');
end;
$$;

comment on function public.settle_send(uuid, integer, timestamptz, jsonb) is 'Settles a send in doubt by a complete reading of Twilio''s list for its address (sid, body, status, date_created each): outcome found, absent_once, proven_absent (it is ready again), too_early or settled_already. Definer: callers have no grant on any table.';
revoke all on function public.settle_send(uuid, integer, timestamptz, jsonb) from public, anon, authenticated;
grant execute on function public.settle_send(uuid, integer, timestamptz, jsonb) to service_role;
