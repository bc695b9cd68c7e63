-- What is left of one-time codes goes with their customer, and else when nothing asks for it any more.

create function cc_private.forget_verifications(conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  with forgotten as (
    delete from public.cc_verifications as verification
    where verification.conversation_id = any (conversation_ids)
    returning verification.target_hash
  )
  delete from cc_private.code_targets as target
  using forgotten
  where target.target_hash = forgotten.target_hash;
end;
$$;

comment on function cc_private.forget_verifications(uuid[]) is 'Removes what is known of the codes of these conversations, and of the numbers to which they went.';
revoke all on function cc_private.forget_verifications(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.forget_parts()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_verifications as verification
  set parts = null, parts_seq = null, parts_at = null
  where verification.conversation_id in (
    select old.conversation_id
    from public.cc_verifications as old
    where old.parts is not null and old.parts_at <= statement_timestamp() - interval '2 minutes'
    order by old.parts_at
    limit cc_private.removal_limit()
    for update skip locked
  );
end;
$$;

comment on function cc_private.forget_parts() is 'Removes the parts of codes that nothing can follow any more.';
revoke all on function cc_private.forget_parts() from public, anon, authenticated, service_role;

create function cc_private.forget_old_codes()
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  forgotten_count bigint;
  target_count bigint;
begin
  perform cc_private.forget_parts();
  delete from public.cc_verifications as verification
  where verification.conversation_id in (
    select old.conversation_id
    from public.cc_verifications as old
    where old.asked_at < statement_timestamp() - interval '30 days'
      and (old.verified_until is null or old.verified_until < statement_timestamp())
    order by old.asked_at
    limit cc_private.removal_limit()
    for update skip locked
  );
  get diagnostics forgotten_count = row_count;

  delete from cc_private.code_targets as target
  where target.target_hash in (
    select old.target_hash
    from cc_private.code_targets as old
    -- Wrong codes are counted for a day from the first, which is no earlier than the code.
    where old.sent_at < statement_timestamp() - interval '3 days'
    order by old.sent_at
    limit cc_private.removal_limit()
    for update skip locked
  );
  get diagnostics target_count = row_count;
  return forgotten_count + target_count;
end;
$$;

comment on function cc_private.forget_old_codes() is 'Removes verifications of more than thirty days ago, limits of more than three, and parts of codes; gives the number of the first two.';
revoke all on function cc_private.forget_old_codes() from public, anon, authenticated, service_role;
