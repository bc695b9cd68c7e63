-- How long a proof holds: each tool that tells of an account asks before, and it ends when somebody else may
-- be writing.

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
  turn public.cc_turns := cc_private.lock_running_turn(turn_id, attempt);
begin
  if turn.id is null then
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
