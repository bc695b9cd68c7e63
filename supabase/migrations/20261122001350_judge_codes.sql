-- What becomes of a code: it is compared with the one that was asked for, and tries are limited. Some
-- write it in several messages: so while one is asked for, a message of a few digits alone is a part,
-- and kept until the next message makes it a code.

create function cc_private.try_codes(verification public.cc_verifications, codes text[])
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  settings public.cc_settings;
  target cc_private.code_targets;
  place integer;
  remaining integer;
begin
  select current.* into settings from public.cc_settings as current;
  select locked.* into target
  from cc_private.code_targets as locked
  where locked.target_hash = verification.target_hash
  for update;
  remaining := least(
    settings.code_attempts - verification.wrong_count,
    settings.wrong_codes_per_day
      - case when target.wrong_since > clock_timestamp() - interval '1 day' then target.wrong_count else 0 end
  );
  if verification.expires_at <= clock_timestamp() then
    return jsonb_build_object('verdict', 'expired', 'wrong_count', 0);
  elsif remaining <= 0 then
    return jsonb_build_object('verdict', 'refused', 'wrong_count', 0);
  end if;

  select min(given.place) into place
  from unnest(codes) with ordinality as given (code, place)
  where cc_private.code_hash(verification.conversation_id::text, given.code) = verification.code_hash;
  -- Several in one message are several tries.
  if place <= remaining then
    return jsonb_build_object('verdict', 'correct', 'wrong_count', place - 1);
  end if;
  return jsonb_build_object('verdict', 'wrong', 'wrong_count', least(cardinality(codes), remaining));
end;
$$;

comment on function cc_private.try_codes(public.cc_verifications, text[]) is 'What becomes of codes while one is asked for: verdict correct, wrong, expired or refused (too many were wrong), and how many of them were wrong tries.';
revoke all on function cc_private.try_codes(public.cc_verifications, text[]) from public, anon, authenticated, service_role;

create function cc_private.is_code_target(address text)
returns boolean
language sql
volatile
set search_path = ''
as $$
  select exists (
    select
    from cc_private.code_targets as target
    where target.target_hash = cc_private.code_hash('target', is_code_target.address)
      and target.sent_at > clock_timestamp() - interval '1 day'
  )
$$;

comment on function cc_private.is_code_target(text) is 'Whether a code went to this address within a day.';
revoke all on function cc_private.is_code_target(text) from public, anon, authenticated, service_role;

create function cc_private.parts_key(conversation_id uuid)
returns bytea
language sql
stable
set search_path = ''
as $$
  select cc_private.code_hash(parts_key.conversation_id::text, 'parts')
$$;

comment on function cc_private.parts_key(uuid) is 'With what the parts of a conversation''s codes are encrypted; raises SB002 without code_key.';
revoke all on function cc_private.parts_key(uuid) from public, anon, authenticated, service_role;

create function cc_private.parts_before(verification public.cc_verifications, seq bigint)
returns text[]
language plpgsql
volatile
set search_path = ''
as $$
begin
  if verification.parts is null or verification.parts_at <= clock_timestamp() - interval '2 minutes'
    or exists (
      select
      from public.cc_messages as other
      where other.conversation_id = verification.conversation_id and other.direction = 'inbound'
        and other.seq > verification.parts_seq and other.seq < parts_before.seq
    )
  then
    return null;
  end if;
  return string_to_array(convert_from(extensions.decrypt_iv(
    substr(verification.parts, 17), cc_private.parts_key(verification.conversation_id),
    substr(verification.parts, 1, 16), 'aes'
  ), 'UTF8'), ' ');
end;
$$;

comment on function cc_private.parts_before(public.cc_verifications, bigint) is 'The parts of a code that the messages right before this seq were, if they came within two minutes of one another; null is none.';
revoke all on function cc_private.parts_before(public.cc_verifications, bigint) from public, anon, authenticated, service_role;

create function cc_private.encrypt_parts(conversation_id uuid, parts text[])
returns bytea
language plpgsql
volatile
set search_path = ''
as $$
declare
  start bytea := extensions.gen_random_bytes(16);
begin
  return start || extensions.encrypt_iv(
    convert_to(array_to_string(parts, ' '), 'UTF8'), cc_private.parts_key(conversation_id), start, 'aes'
  );
end;
$$;

comment on function cc_private.encrypt_parts(uuid, text[]) is 'What cc_verifications keeps of the parts of a code.';
revoke all on function cc_private.encrypt_parts(uuid, text[]) from public, anon, authenticated, service_role;

create function cc_private.judge_part(verification public.cc_verifications, message public.cc_messages)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  part text := regexp_replace(cc_private.plain_digits(message.body_text), '[^0-9]', '', 'g');
  parts text[];
begin
  if verification.state is distinct from 'asked' then
    return null;
  end if;
  parts := cc_private.parts_before(verification, message.seq);
  if verification.expires_at <= clock_timestamp() and parts is null then
    return null;
  end if;
  -- Who begins anew writes what they began with; else the last ones count that are not too long together.
  parts := case when part = parts[1] then '{}' else parts end || part;
  while length(array_to_string(parts, '')) > 6 loop
    parts := parts[2:];
  end loop;
  if length(array_to_string(parts, '')) = 6 then
    return cc_private.try_codes(verification, array[array_to_string(parts, '')]) || '{"in_parts": true}';
  end if;
  return jsonb_build_object(
    'verdict', 'part', 'wrong_count', 0, 'in_parts', true,
    'parts', encode(cc_private.encrypt_parts(message.conversation_id, parts), 'hex')
  );
exception when others then
  return '{"verdict": "unreadable", "wrong_count": 0, "in_parts": true}';
end;
$$;

comment on function cc_private.judge_part(public.cc_verifications, public.cc_messages) is 'What becomes of a message that may be a part of a code: with those right before it a code, which is one try, or still a part; null while no code is asked for. Changes nothing; never raises.';
revoke all on function cc_private.judge_part(public.cc_verifications, public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.judge_codes(message public.cc_messages)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  codes text[] := cc_private.codes_in(left(message.body_text, 4096));
  customer_address text := case message.direction
    when 'inbound' then message.from_address else message.to_address
  end;
  verification public.cc_verifications;
  is_part boolean := message.direction = 'inbound' and cc_private.is_code_part(message.body_text);
begin
  if codes = '{}' and length(message.body_text) <= 4096 and not is_part then
    return null;
  end if;
  select known.* into verification
  from public.cc_verifications as known
  where known.conversation_id = message.conversation_id
    and known.asked_at > clock_timestamp() - interval '30 days';

  if is_part then
    return cc_private.judge_part(verification, message);
  elsif message.direction = 'inbound' and verification.state = 'asked'
    -- Later, six digits are more likely something else.
    and verification.expires_at > clock_timestamp() - interval '1 day'
  then
    if length(message.body_text) > 4096 then
      return '{"verdict": "unreadable", "wrong_count": 0}';
    end if;
    return cc_private.try_codes(verification, codes);
  elsif exists (
    select
    from unnest(codes) as given (code)
    where cc_private.code_hash(message.conversation_id::text, given.code) = any (verification.earlier_hashes)
  ) then
    return '{"verdict": "not_asked_for", "wrong_count": 0}';
  elsif customer_address like '+%' and cc_private.is_code_target(customer_address) then
    return '{"verdict": "of_another_conversation", "wrong_count": 0}';
  end if;
  return null;
exception when others then
  -- Without its key no code can be right, but the message is stored all the same.
  return '{"verdict": "unreadable", "wrong_count": 0}';
end;
$$;

comment on function cc_private.judge_codes(public.cc_messages) is 'What becomes of the codes in a message that is about to be stored, by the conversation it is in; null: what looks like one is none. Changes nothing; never raises.';
revoke all on function cc_private.judge_codes(public.cc_messages) from public, anon, authenticated, service_role;
