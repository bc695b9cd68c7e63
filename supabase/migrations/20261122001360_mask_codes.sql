-- A one-time code that a customer writes is judged and masked before its message is stored: so no table,
-- no ring, no history and no agent ever sees it. In its place stands what became of it: [code: wrong].
-- It is judged in the same transaction, under the conversation's lock: two tries are two tries. Some
-- write it in several messages: so while one is asked for, a message of a few digits alone is masked as
-- a part, and kept until the next message makes it a code.

create function cc_private.plain_digits(body text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select translate(
      body, '０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '012345678901234567890123456789'
    )
  );
end;
$$;

comment on function cc_private.plain_digits(text) is 'The text with the digits of other scripts as 0 to 9.';
revoke all on function cc_private.plain_digits(text) from public, anon, authenticated, service_role;

create function cc_private.code_pattern()
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Six digits in a row, or with one sign between them that people put there, and no seventh.
  return (
    select '(?<![0-9])[0-9]{6}(?![0-9])'
      || '|(?<![0-9])(?<![0-9][ .\u00a0\u2009\u200b\u2060-])[0-9](?:[ .\u00a0\u2009\u200b\u2060-]?[0-9]){5}'
      || '(?![ .\u00a0\u2009\u200b\u2060-]?[0-9])'
  );
end;
$$;

comment on function cc_private.code_pattern() is 'What looks like a code, as a regular expression.';
revoke all on function cc_private.code_pattern() from public, anon, authenticated, service_role;

create function cc_private.codes_in(body text)
returns text[]
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(array_agg(found.code order by found.place), '{}')
    from (
      select regexp_replace(match.parts[1], '[^0-9]', '', 'g') as code, min(match.place) as place
      from regexp_matches(cc_private.plain_digits(body), '(' || cc_private.code_pattern() || ')', 'g')
        with ordinality as match (parts, place)
      group by 1
    ) as found
  );
end;
$$;

comment on function cc_private.codes_in(text) is 'What in a text looks like a code, each once, in order.';
revoke all on function cc_private.codes_in(text) from public, anon, authenticated, service_role;

create function cc_private.is_code_part(body text)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Up to five digits, with the signs between and around them that people put there, and no word.
  return length(body) <= 40 and cc_private.plain_digits(body)
    ~ '^[\s.*_…\u200b\u2060–-]*[0-9](?:[\s\u200b\u2060-]*[0-9]){0,4}[\s.*_…\u200b\u2060–-]*$';
end;
$$;

comment on function cc_private.is_code_part(text) is 'Whether a text is nothing but what may be a part of a code.';
revoke all on function cc_private.is_code_part(text) from public, anon, authenticated, service_role;

create function cc_private.hide_codes(body text, code jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Looking around each match takes time that grows with the square of the length: in what is longer
  -- than any message of a channel, longer numbers go as well.
  return (
    select regexp_replace(
      cc_private.plain_digits(body),
      case
        when code -> 'in_parts' = 'true' and cc_private.is_code_part(body) then '^.*$'
        when length(body) <= 4096 then cc_private.code_pattern()
        else '[0-9](?:[ .\u00a0\u2009\u200b\u2060-]?[0-9]){5,}'
      end,
      '[code: ' || replace(code ->> 'verdict', '_', ' ') || ']', 'g'
    )
  );
end;
$$;

comment on function cc_private.hide_codes(text, jsonb) is 'The text with what became of it in the place of each code, or of the part of one.';
revoke all on function cc_private.hide_codes(text, jsonb) from public, anon, authenticated, service_role;

create function cc_private.hide_codes_in_payload(body_json jsonb, code jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Text by text: in the JSON's own spelling a digit may belong to an escape.
  return (
    select body_json || coalesce((
      select jsonb_build_object('parameters', jsonb_object_agg(parameter.key, case
        when parameter.key ~ 'Sid$|Num|Zip$' or parameter.key = any ('{ApiVersion,Latitude,Longitude}')
          then parameter.value
        when jsonb_typeof(parameter.value) = 'string'
          then to_jsonb(cc_private.hide_codes(parameter.value #>> '{}', code))
        when jsonb_typeof(parameter.value) = 'array' then (
          select coalesce(jsonb_agg(case
            when jsonb_typeof(entry.value) = 'string'
            then to_jsonb(cc_private.hide_codes(entry.value #>> '{}', code)) else entry.value
          end order by entry.place), '[]')
          from jsonb_array_elements(parameter.value) with ordinality as entry (value, place)
        )
        else parameter.value
      end))
      from jsonb_each(body_json -> 'parameters') as parameter
      having count(*) > 0
    ), '{}')
  );
end;
$$;

comment on function cc_private.hide_codes_in_payload(jsonb, jsonb) is 'The payload without the codes that its parameters hold.';
revoke all on function cc_private.hide_codes_in_payload(jsonb, jsonb) from public, anon, authenticated, service_role;

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

create function cc_private.mask_codes()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Parts of a code go from here to take_code(), and stay nowhere on the way.
  code jsonb := old.body_json -> 'code' #- '{parts}';
begin
  if tg_op = 'INSERT' then
    code := cc_private.judge_codes(new);
  end if;
  if code is not null then
    new.body_text := cc_private.hide_codes(new.body_text, code);
    new.body_json := cc_private.hide_codes_in_payload(new.body_json, code)
      || jsonb_build_object('code', code);
  end if;
  return new;
end;
$$;

comment on function cc_private.mask_codes() is 'Masks one-time codes before a message is stored; what writes its words later finds them masked again.';
revoke all on function cc_private.mask_codes() from public, anon, authenticated, service_role;

-- Our own replies hold no code: a code never goes through cc_messages. What the sync finds in Twilio's
-- list may be the message with which it left.
create trigger mask_codes
  before insert on public.cc_messages
  for each row when (
    (new.direction = 'inbound' or new.send_state = 'handed_over')
    and new.body_text ~ '[0-9٠-٩۰-۹０-９].*[0-9٠-٩۰-۹０-９]|^\W*[0-9٠-٩۰-۹０-９]\W*$'
  )
  execute function cc_private.mask_codes();

create trigger mask_codes_again
  before update of body_text, body_json on public.cc_messages
  for each row when (old.body_json ? 'code' and new.body_text <> '')
  execute function cc_private.mask_codes();

create function cc_private.take_part()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_verifications as verification
  set parts = decode(new.body_json #>> '{code,parts}', 'hex'), parts_seq = new.seq, parts_at = clock_timestamp()
  where verification.conversation_id = new.conversation_id and verification.state = 'asked';
  update public.cc_messages as message
  set body_json = message.body_json #- '{code,parts}'
  where message.id = new.id;
  return null;
end;
$$;

comment on function cc_private.take_part() is 'Keeps a part of a code for the next message, once its own is stored.';
revoke all on function cc_private.take_part() from public, anon, authenticated, service_role;

create trigger take_part
  after insert on public.cc_messages
  for each row when (new.direction = 'inbound' and new.body_json #>> '{code,verdict}' = 'part')
  execute function cc_private.take_part();

create function cc_private.take_code()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  code jsonb := new.body_json -> 'code';
  tries integer := (code ->> 'wrong_count')::integer;
  is_correct boolean := code ->> 'verdict' = 'correct';
  target bytea;
begin
  update public.cc_verifications as verification
  set wrong_count = verification.wrong_count + tries,
    state = case when is_correct then 'verified' else verification.state end,
    code_hash = case when not is_correct then verification.code_hash end,
    verified_at = case when is_correct then clock_timestamp() end,
    verified_until = case when is_correct then clock_timestamp() + (
      select settings.verified_minutes * interval '1 minute' from public.cc_settings as settings
    ) end,
    parts = null, parts_seq = null, parts_at = null
  where verification.conversation_id = new.conversation_id and verification.state = 'asked'
  returning verification.target_hash into target;

  update cc_private.code_targets as known
  set wrong_count = tries
      + case when known.wrong_since > clock_timestamp() - interval '1 day' then known.wrong_count else 0 end,
    wrong_since = case
      when known.wrong_since > clock_timestamp() - interval '1 day' then known.wrong_since
      else clock_timestamp()
    end
  where known.target_hash = target and tries > 0;

  perform cc_private.append_audit(new.conversation_id, cc_private.audit_event(
    case when is_correct then 'customer_verified' else 'code_rejected' end, 'system', new.id,
    output => case when is_correct then '{}' else jsonb_build_object('reason', code ->> 'verdict') end
  ));
  return null;
end;
$$;

comment on function cc_private.take_code() is 'Lets a code have its effect, once its message is stored: the conversation is verified, or a try is counted. Records it.';
revoke all on function cc_private.take_code() from public, anon, authenticated, service_role;

create trigger take_code
  after insert on public.cc_messages
  for each row when (new.direction = 'inbound' and new.body_json #>> '{code,verdict}' <> 'part')
  execute function cc_private.take_code();
