-- A code for a customer, made here and given out once, to whoever sends it; here stays its hash. How many may
-- leave for an address is counted before.

create function cc_private.new_code()
returns text
language sql
volatile
set search_path = ''
as $$
  -- 48 random bits: that some codes are likelier than others is not to be noticed.
  select lpad(((
    ('x' || encode(extensions.gen_random_bytes(6), 'hex'))::bit(48)::bigint
  ) % 1000000)::text, 6, '0')
$$;

comment on function cc_private.new_code() is 'Six random digits.';
revoke all on function cc_private.new_code() from public, anon, authenticated, service_role;

create function cc_private.take_code_allowance(target_hash bytea)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  settings public.cc_settings;
  target cc_private.code_targets;
begin
  select current.* into settings from public.cc_settings as current;
  insert into cc_private.code_targets as known (target_hash)
  values (take_code_allowance.target_hash)
  on conflict on constraint code_targets_pkey do update
  set sent_count = case
      when known.sent_since > clock_timestamp() - interval '1 hour' then known.sent_count else 0
    end,
    sent_since = case
      when known.sent_since > clock_timestamp() - interval '1 hour' then known.sent_since
      else clock_timestamp()
    end
  returning known.* into target;

  if target.wrong_count >= settings.wrong_codes_per_day
    and target.wrong_since > clock_timestamp() - interval '1 day'
  then
    return 'locked';
  elsif target.sent_count >= settings.codes_per_hour then
    return 'too_many_codes';
  end if;
  update cc_private.code_targets as known
  set sent_count = known.sent_count + 1, sent_at = clock_timestamp()
  where known.target_hash = target.target_hash;
  return null;
end;
$$;

comment on function cc_private.take_code_allowance(bytea) is 'Counts one more code for this address, or says why none may leave: locked or too_many_codes.';
revoke all on function cc_private.take_code_allowance(bytea) from public, anon, authenticated, service_role;

create function cc_private.make_challenge(conversation_id uuid, channel text, target_hash bytea)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  code text := cc_private.new_code();
  hash bytea := cc_private.code_hash(conversation_id::text, code);
  minutes integer := (select settings.code_minutes from public.cc_settings as settings);
  made public.cc_verifications;
begin
  insert into public.cc_verifications as known (
    conversation_id, state, challenge_id, code_hash, earlier_hashes, target_hash, channel, expires_at
  )
  values (
    make_challenge.conversation_id, 'asked', gen_random_uuid(), hash, array[hash],
    make_challenge.target_hash, make_challenge.channel, clock_timestamp() + minutes * interval '1 minute'
  )
  on conflict on constraint cc_verifications_pkey do update
  set state = 'asked', challenge_id = excluded.challenge_id, code_hash = excluded.code_hash,
    earlier_hashes = (excluded.earlier_hashes || known.earlier_hashes)[:20],
    target_hash = excluded.target_hash, channel = excluded.channel, wrong_count = 0,
    asked_at = excluded.asked_at, sent_at = null, expires_at = excluded.expires_at,
    verified_at = null, verified_until = null,
    parts = null, parts_seq = null, parts_at = null
  returning known.* into made;

  perform cc_private.append_audit(make_challenge.conversation_id, cc_private.audit_event(
    'code_requested', 'agent', output => jsonb_build_object('channel', make_challenge.channel)
  ));
  return jsonb_build_object(
    'outcome', 'asked', 'challenge_id', made.challenge_id, 'code', code, 'valid_minutes', minutes
  );
end;
$$;

comment on function cc_private.make_challenge(uuid, text, bytea) is 'Makes the conversation''s next code: keeps its hash and gives out the code, which is nowhere else.';
revoke all on function cc_private.make_challenge(uuid, text, bytea) from public, anon, authenticated, service_role;
