-- Asking a customer for proof. The code is made here and given out once, to whoever sends it; here stays
-- its hash. A crash before it was sent costs a new code, and the one before counts no more.

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

create function cc_private.awaits_code(verification public.cc_verifications, again boolean)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- A code that nobody sent is awaited by nobody.
  return (
    select coalesce(
      verification.state = 'asked' and verification.sent_at is not null
      and verification.wrong_count < settings.code_attempts
      and (
        verification.sent_at > clock_timestamp() - settings.code_resend_seconds * interval '1 second'
        or not again and verification.expires_at > clock_timestamp()
      ),
      false
    )
    from public.cc_settings as settings
  );
end;
$$;

comment on function cc_private.awaits_code(public.cc_verifications, boolean) is 'Whether the code that was sent is enough for now; "again" asks for another one as soon as it may leave.';
revoke all on function cc_private.awaits_code(public.cc_verifications, boolean) from public, anon, authenticated, service_role;

create function public.begin_verification(
  turn_id uuid,
  attempt integer,
  channel text,
  address text,
  again boolean default false
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
  turn public.cc_turns := cc_private.lock_turn(turn_id);
  verification public.cc_verifications;
  target_hash bytea;
  refusal text;
begin
  if turn.state is distinct from 'running' or turn.attempt is distinct from begin_verification.attempt
    or turn.lease_until <= clock_timestamp()
  then
    return jsonb_build_object('outcome', 'lease_lost');
  elsif cc_private.is_verified(turn.conversation_id) then
    return jsonb_build_object('outcome', 'verified');
  elsif exists (
    select
    from public.cc_conversations as conversation
    where conversation.id = turn.conversation_id and conversation.channel = begin_verification.channel
  ) then
    return jsonb_build_object('outcome', 'same_channel');
  end if;

  select known.* into verification
  from public.cc_verifications as known
  where known.conversation_id = turn.conversation_id;
  if cc_private.awaits_code(verification, again) then
    return jsonb_build_object('outcome', 'awaited');
  end if;
  target_hash := cc_private.code_hash('target', address);
  refusal := cc_private.take_code_allowance(target_hash);
  if refusal is not null then
    return jsonb_build_object('outcome', refusal);
  end if;
  return cc_private.make_challenge(turn.conversation_id, channel, target_hash);
end;
$$;

comment on function public.begin_verification(uuid, integer, text, text, boolean) is 'Makes a one-time code for the turn''s conversation, to be sent to this address on this channel: outcome asked with challenge_id, code and valid_minutes; verified (none is needed), awaited (one is under way), same_channel, too_many_codes, locked or lease_lost. The code is given out once and kept nowhere. Definer: callers have no grant on any table.';
revoke all on function public.begin_verification(uuid, integer, text, text, boolean) from public, anon, authenticated;
grant execute on function public.begin_verification(uuid, integer, text, text, boolean) to service_role;

create function public.record_code(challenge_id uuid, error_code text default null)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  conversation_id uuid := (
    select known.conversation_id
    from public.cc_verifications as known
    where known.challenge_id = record_code.challenge_id
  );
begin
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = conversation_id
  for update;
  update public.cc_verifications as verification
  set sent_at = case when record_code.error_code is null then clock_timestamp() end
  where verification.challenge_id = record_code.challenge_id and verification.sent_at is null;
  if not found then
    return jsonb_build_object('outcome', 'already_recorded');
  end if;
  perform cc_private.append_audit(conversation_id, cc_private.audit_event(
    'code_sent', error_code => record_code.error_code
  ));
  return jsonb_build_object('outcome', 'recorded');
end;
$$;

comment on function public.record_code(uuid, text) is 'Says that a code was sent, or why not: outcome recorded or already_recorded. Definer: callers have no grant on any table.';
revoke all on function public.record_code(uuid, text) from public, anon, authenticated;
grant execute on function public.record_code(uuid, text) to service_role;

create function public.check_verification(turn_id uuid, attempt integer)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  turn public.cc_turns := cc_private.lock_turn(turn_id);
begin
  if turn.state is distinct from 'running' or turn.attempt is distinct from check_verification.attempt
    or turn.lease_until <= clock_timestamp()
  then
    return jsonb_build_object('outcome', 'lease_lost');
  elsif not cc_private.is_verified(turn.conversation_id) then
    return jsonb_build_object('outcome', 'not_verified');
  end if;
  update public.cc_turns as telling
  set tells_of_account = true
  where telling.id = turn.id and not telling.tells_of_account;
  return jsonb_build_object('outcome', 'verified');
end;
$$;

comment on function public.check_verification(uuid, integer) is 'Whether the turn''s conversation is verified, before anything about an account is looked at: outcome verified (the turn is marked: what it says is shown to no agent once the verification is over), not_verified or lease_lost. Definer: callers have no grant on any table.';
revoke all on function public.check_verification(uuid, integer) from public, anon, authenticated;
grant execute on function public.check_verification(uuid, integer) to service_role;

create function cc_private.end_verification(conversation_id uuid, reason text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_verifications as verification
  set state = 'ended', code_hash = null, verified_at = null, verified_until = null,
    parts = null, parts_seq = null, parts_at = null
  where verification.conversation_id = end_verification.conversation_id and verification.state <> 'ended';
  if found then
    perform cc_private.append_audit(end_verification.conversation_id, cc_private.audit_event(
      'verification_ended', output => jsonb_build_object('reason', end_verification.reason)
    ));
  end if;
end;
$$;

comment on function cc_private.end_verification(uuid, text) is 'Ends a verification, and makes the code that is under way worthless. Called under the conversation''s lock.';
revoke all on function cc_private.end_verification(uuid, text) from public, anon, authenticated, service_role;

create function cc_private.end_verification_of()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform cc_private.end_verification(new.id, case
    when new.status <> old.status then 'conversation_closed'
    when new.customer_id <> old.customer_id then 'customers_merged'
    else 'address_changed'
  end);
  return null;
end;
$$;

comment on function cc_private.end_verification_of() is 'Who closes a conversation, or writes in it from elsewhere, is verified no more.';
revoke all on function cc_private.end_verification_of() from public, anon, authenticated, service_role;

create trigger end_verification_of
  after update of status, customer_id, provider_conversation_id on public.cc_conversations
  for each row when (
    new.status = 'closed' and old.status <> 'closed'
    or new.customer_id <> old.customer_id
    or new.provider_conversation_id <> old.provider_conversation_id
  )
  execute function cc_private.end_verification_of();

create function cc_private.text_for_agent(message public.cc_messages)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select case
      when message.direction = 'outbound'
        and not cc_private.is_verified(message.conversation_id)
        and exists (
          select from public.cc_turns as turn where turn.id = message.turn_id and turn.tells_of_account
        )
      then '[Something about an account, told while the customer was verified.]'
      else message.body_text
    end
  );
end;
$$;

comment on function cc_private.text_for_agent(public.cc_messages) is 'What an agent is shown of a message''s text: not what it told of an account, unless the conversation is verified now.';
revoke all on function cc_private.text_for_agent(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.summary_for_agent(conversation public.cc_conversations)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select conversation.summary
    where cc_private.is_verified(conversation.id) or not exists (
      select
      from public.cc_turns as turn
      where turn.conversation_id = conversation.id and turn.tells_of_account
    )
  );
end;
$$;

comment on function cc_private.summary_for_agent(public.cc_conversations) is 'The conversation''s summary; null while it may hold what only a verified customer is told.';
revoke all on function cc_private.summary_for_agent(public.cc_conversations) from public, anon, authenticated, service_role;
