-- What stands in Twilio's list and in no table of ours. An inbound message goes the way of every message
-- (ingest_inbound_message); an outbound one that is not ours was sent by another system.

create function cc_private.may_be_ours(provider text, to_address text, created_at timestamptz)
returns boolean
language sql
volatile
set search_path = ''
as $$
  -- Twilio's clock need not be ours.
  select exists (
    select
    from public.cc_messages as message
    where message.provider = may_be_ours.provider
      and message.to_address = may_be_ours.to_address
      and message.send_state in ('sending', 'uncertain')
      and message.send_claimed_at <= may_be_ours.created_at + interval '1 minute'
  )
$$;

comment on function cc_private.may_be_ours(text, text, timestamptz) is 'Whether a message of ours to this address is under way that Twilio may have made then.';
revoke all on function cc_private.may_be_ours(text, text, timestamptz) from public, anon, authenticated, service_role;

create function public.compare_messages(listed jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(jsonb_agg(jsonb_build_object('sid', entry.sid, 'standing', case
    when known.direction = 'outbound' and known.recovered_at is not null then 'taken_over'
    when known.id is not null then 'known'
    when cc_private.may_be_ours('twilio', entry.to_address, entry.date_created) then 'in_doubt'
    else 'unknown'
  end)), '[]')
  from jsonb_to_recordset(compare_messages.listed)
    as entry (sid text, to_address text, date_created timestamptz)
  left join public.cc_messages as known
    on known.provider = 'twilio' and known.provider_message_id = entry.sid
$$;

comment on function public.compare_messages(jsonb) is 'What each entry of Twilio''s list (sid, to_address, date_created) is to us: known, taken_over (another system''s), unknown, or in_doubt while it may be a send of ours. Definer: callers have no grant on any table.';
revoke all on function public.compare_messages(jsonb) from public, anon, authenticated;
grant execute on function public.compare_messages(jsonb) to service_role;

create function cc_private.find_conversation(provider text, channel text, customer_address text)
returns uuid
language sql
volatile
set search_path = ''
as $$
  select conversation.id
  from public.cc_customer_addresses as known
  join public.cc_conversations as conversation
    on conversation.customer_id = known.customer_id and conversation.channel = known.channel
  where known.provider = find_conversation.provider
    and known.channel = find_conversation.channel
    and known.address = find_conversation.customer_address
  order by conversation.status = 'active' desc, conversation.created_at desc
  limit 1
$$;

comment on function cc_private.find_conversation(text, text, text) is 'The active conversation with the customer of this address, else the newest; null when nobody knows the address.';
revoke all on function cc_private.find_conversation(text, text, text) from public, anon, authenticated, service_role;

create function cc_private.store_taken_over(conversation_id uuid, taken public.cc_messages)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_conversations as conversation
  set last_seq = conversation.last_seq + 1, updated_at = now()
  where conversation.id = store_taken_over.conversation_id
  returning conversation.last_seq into taken.seq;

  insert into public.cc_messages (
    conversation_id, seq, direction, provider, provider_message_id, from_address, to_address,
    body_text, body_json, send_state, delivery_status, error_code,
    created_at, provider_created_at, handed_over_at, recovered_at
  )
  values (
    store_taken_over.conversation_id, taken.seq, 'outbound', taken.provider, taken.provider_message_id,
    taken.from_address, taken.to_address, taken.body_text, taken.body_json, 'handed_over',
    taken.delivery_status, taken.error_code,
    taken.created_at, taken.created_at, taken.created_at, clock_timestamp()
  )
  returning id into taken.id;

  perform cc_private.append_audit(store_taken_over.conversation_id, cc_private.audit_event(
    'message_taken_over', 'provider', taken.id,
    output => jsonb_build_object(
      'seq', taken.seq, 'message_sid', taken.provider_message_id,
      'delivery_status', taken.delivery_status
    )
  ));
end;
$$;

comment on function cc_private.store_taken_over(uuid, public.cc_messages) is 'Stores what another system sent, with Twilio''s time, as a message that nobody has to send; called under the conversation''s lock.';
revoke all on function cc_private.store_taken_over(uuid, public.cc_messages) from public, anon, authenticated, service_role;

create function public.take_over_message(
  provider_message_id text,
  from_address text,
  to_address text,
  body_text text,
  body_json jsonb,
  created_at timestamptz,
  delivery_status text,
  error_code text default null,
  channel text default 'whatsapp',
  provider text default 'twilio'
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
  locked_id uuid;
  taken public.cc_messages;
begin
  select conversation.id into locked_id
  from public.cc_conversations as conversation
  where conversation.id = cc_private.find_conversation(
    take_over_message.provider, take_over_message.channel, take_over_message.to_address
  )
  for update;
  -- What was sent to somebody before their erasure is nobody's any more, also when they write again.
  if not found or take_over_message.created_at < (cc_private.known_erasure(
    take_over_message.provider, take_over_message.channel, array[take_over_message.to_address]
  )).erased_at then
    return jsonb_build_object('outcome', 'unknown_customer');
  elsif exists (
    select
    from public.cc_messages as known
    where known.provider = take_over_message.provider
      and known.provider_message_id = take_over_message.provider_message_id
  ) then
    return jsonb_build_object('outcome', 'known');
  elsif cc_private.may_be_ours(
    take_over_message.provider, take_over_message.to_address, take_over_message.created_at
  ) then
    return jsonb_build_object('outcome', 'in_doubt');
  end if;

  taken.provider := take_over_message.provider;
  taken.provider_message_id := take_over_message.provider_message_id;
  taken.from_address := take_over_message.from_address;
  taken.to_address := take_over_message.to_address;
  taken.body_text := take_over_message.body_text;
  taken.body_json := take_over_message.body_json;
  taken.created_at := take_over_message.created_at;
  taken.delivery_status := take_over_message.delivery_status;
  taken.error_code := take_over_message.error_code;
  perform cc_private.store_taken_over(locked_id, taken);
  return jsonb_build_object('outcome', 'taken_over');
exception when unique_violation then
  -- In another conversation somebody was quicker by a moment.
  return jsonb_build_object('outcome', 'known');
end;
$$;

comment on function public.take_over_message(text, text, text, text, jsonb, timestamptz, text, text, text, text) is 'Stores an outbound message that another system sent in the conversation of its customer: outcome taken_over, known, in_doubt (a send of ours that it may be is under way) or unknown_customer. Definer: callers have no grant on any table.';
revoke all on function public.take_over_message(text, text, text, text, jsonb, timestamptz, text, text, text, text) from public, anon, authenticated;
grant execute on function public.take_over_message(text, text, text, text, jsonb, timestamptz, text, text, text, text) to service_role;
