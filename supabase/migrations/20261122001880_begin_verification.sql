-- Asking a customer for proof. A crash before the code was sent costs a new one, and the one before counts no
-- more.

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
  turn public.cc_turns := cc_private.lock_running_turn(turn_id, attempt);
  verification public.cc_verifications;
  target_hash bytea;
  refusal text;
begin
  if turn.id is null then
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
