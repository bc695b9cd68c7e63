-- What is older than `retention_days` says nothing any more, unless somebody still needs its words.

create function cc_private.removal_limit()
returns integer
language sql
immutable
set search_path = ''
as $$
  select 2000
$$;

comment on function cc_private.removal_limit() is 'How many rows of a kind one run removes at most: some tenths of a second.';
revoke all on function cc_private.removal_limit() from public, anon, authenticated, service_role;

create function cc_private.is_settled(message public.cc_messages)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(message.send_state not in ('ready', 'sending', 'uncertain'), true)
      and not exists (
        select
        from public.cc_turns as turn
        where turn.id = message.turn_id and turn.state in ('pending', 'running', 'retrying')
      )
  );
end;
$$;

comment on function cc_private.is_settled(public.cc_messages) is 'Whether nobody needs the words of this message any more: it waits neither for an answer nor to be sent.';
revoke all on function cc_private.is_settled(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.expired_messages(expired_before timestamptz)
returns table (conversation_id uuid, message_ids uuid[])
language sql
stable
set search_path = ''
as $$
  select oldest.conversation_id, array_agg(oldest.id)
  from (
    select message.conversation_id, message.id
    from public.cc_messages as message
    where message.created_at < expired_before and message.erased_at is null
      and cc_private.is_settled(message)
    order by message.created_at
    limit cc_private.removal_limit()
  ) as oldest
  group by oldest.conversation_id
  order by oldest.conversation_id
$$;

comment on function cc_private.expired_messages(timestamptz) is 'The oldest messages that still say something, by conversation, in the order in which those are locked.';
revoke all on function cc_private.expired_messages(timestamptz) from public, anon, authenticated, service_role;

create function cc_private.empty_expired_messages(expired_before timestamptz)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  expired record;
  emptied_count bigint := 0;
begin
  for expired in select * from cc_private.expired_messages(expired_before) loop
    continue when not cc_private.try_lock_conversation(expired.conversation_id);
    -- A dead turn may have been replayed between the look and the lock.
    emptied_count := emptied_count + cc_private.empty_messages(array(
      select message.id
      from public.cc_messages as message
      where message.id = any (expired.message_ids) and message.erased_at is null
        and cc_private.is_settled(message)
    ));
  end loop;
  return emptied_count;
end;
$$;

comment on function cc_private.empty_expired_messages(timestamptz) is 'Empties messages from before then whose conversation nobody has locked; gives their number.';
revoke all on function cc_private.empty_expired_messages(timestamptz) from public, anon, authenticated, service_role;

create function cc_private.empty_expired_webhooks(expired_before timestamptz)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  expired_ids uuid[] := array(
    select rejected.id
    from public.cc_rejected_webhooks as rejected
    where rejected.created_at < expired_before and rejected.erased_at is null
    order by rejected.created_at
    limit cc_private.removal_limit()
    for update skip locked
  );
begin
  perform cc_private.empty_rejected_webhooks(expired_ids);
  return cardinality(expired_ids);
end;
$$;

comment on function cc_private.empty_expired_webhooks(timestamptz) is 'Empties rejected webhooks from before then; gives their number.';
revoke all on function cc_private.empty_expired_webhooks(timestamptz) from public, anon, authenticated, service_role;
