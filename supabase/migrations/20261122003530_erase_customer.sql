-- Erasing a person. The first call ends what is open, forgets the addresses and closes the
-- conversations: from then on nothing more comes in. It and the following ones empty the messages, some
-- thousands at a time; the removal job goes on when the caller does not.

create function cc_private.customer_family(customer_id uuid)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  with recursive family (id) as (
    select customer.id
    from public.cc_customers as customer
    where customer.id = customer_family.customer_id
    union
    select relative.id
    from family
    join public.cc_customers as member on member.id = family.id
    cross join lateral (
      select member.merged_into as id where member.merged_into is not null
      union all
      select younger.id from public.cc_customers as younger where younger.merged_into = member.id
    ) as relative
  )
  select family.id from family
$$;

comment on function cc_private.customer_family(uuid) is 'All customers who are the same person as this one: it, whom it was merged into, and who was merged into them.';
revoke all on function cc_private.customer_family(uuid) from public, anon, authenticated, service_role;

create function cc_private.family_conversations(customer_id uuid)
returns uuid[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(conversation.id order by conversation.id), '{}')
  from public.cc_conversations as conversation
  where conversation.customer_id in (select cc_private.customer_family(family_conversations.customer_id))
$$;

comment on function cc_private.family_conversations(uuid) is 'The conversations of a person, in the order in which they are locked.';
revoke all on function cc_private.family_conversations(uuid) from public, anon, authenticated, service_role;

create function cc_private.lock_family(customer_id uuid)
returns uuid[]
language plpgsql
volatile
set search_path = ''
as $$
declare
  family uuid[] := array(select cc_private.customer_family(lock_family.customer_id) order by 1);
  conversation_ids uuid[];
begin
  -- Whoever ingests for this person waits for this lock, and then meets an erasure.
  begin
    perform cc_private.lock_customers(family, is_alone => true);
    if family <> array(select cc_private.customer_family(lock_family.customer_id) order by 1) then
      raise exception using errcode = 'SB000';
    end if;
  exception when sqlstate 'SB000' then
    return null; -- Leaving the block so lets go of what it has locked: who held on could deadlock.
  end;
  conversation_ids := cc_private.family_conversations(customer_id);
  perform 1
  from public.cc_conversations as conversation
  where conversation.id = any (conversation_ids)
  order by conversation.id
  for update;
  return conversation_ids;
end;
$$;

comment on function cc_private.lock_family(uuid) is 'Locks a person, alone, and then all conversations, whose ids it gives: none can be added until the transaction ends. Null, and nothing locked, when somebody was merged with them meanwhile.';
revoke all on function cc_private.lock_family(uuid) from public, anon, authenticated, service_role;

create function cc_private.refuse_while_in_flight(conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (
    select
    from public.cc_messages as message
    where message.conversation_id = any (conversation_ids)
      and message.send_state in ('sending', 'uncertain')
  ) then
    raise exception 'Cannot erase the customer: a message is on its way, or in doubt'
      using errcode = 'PT409', hint = 'Try again when it is settled.';
  end if;
end;
$$;

comment on function cc_private.refuse_while_in_flight(uuid[]) is 'Raises PT409 while nobody knows what becomes of a message: its settling needs its address and its words.';
revoke all on function cc_private.refuse_while_in_flight(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.end_open_turns(conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  ended record;
begin
  for ended in
    update public.cc_turns as turn
    set state = 'silent', silent_reason = 'customer_erased', due_at = null, lease_until = null,
      finished_at = clock_timestamp()
    where turn.conversation_id = any (conversation_ids)
      and turn.state in ('pending', 'running', 'retrying')
    returning turn.id, turn.conversation_id
  loop
    perform cc_private.append_audit(ended.conversation_id, cc_private.audit_event(
      'turn_answered', output => jsonb_build_object('turn_id', ended.id, 'reason', 'customer_erased')
    ));
  end loop;
end;
$$;

comment on function cc_private.end_open_turns(uuid[]) is 'Ends what waits for an answer, and what a worker is at: it loses its lease.';
revoke all on function cc_private.end_open_turns(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.refuse_unsent(conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  unsent public.cc_messages;
begin
  for unsent in
    select message.*
    from public.cc_messages as message
    where message.conversation_id = any (conversation_ids) and message.send_state = 'ready'
    order by message.conversation_id, message.seq
  loop
    perform cc_private.refuse_send(unsent, 'customer_erased');
  end loop;
end;
$$;

comment on function cc_private.refuse_unsent(uuid[]) is 'Refuses what is still to be sent.';
revoke all on function cc_private.refuse_unsent(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.forget_requests(conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  with gone as (
    delete from net.http_request_queue as request
    where request.id in (
      select waiting.id
      from net.http_request_queue as waiting
      join cc_private.dispatches as dispatch on dispatch.request_id = waiting.id
      where dispatch.conversation_id = any (conversation_ids)
        -- pg_net's ids start again after a crash: the id alone could be another's.
        and position(convert_to(dispatch.conversation_id::text, 'UTF8') in waiting.body) > 0
      for update of waiting skip locked
    )
    returning request.id
  )
  delete from cc_private.dispatches as dispatch
  where dispatch.request_id in (select gone.id from gone)
    and dispatch.conversation_id = any (conversation_ids);

  -- What is on its way is forgotten by the sweep, as soon as it is answered.
  with answered as (
    delete from net._http_response as answer
    using cc_private.dispatches as dispatch
    where dispatch.conversation_id = any (conversation_ids)
      and answer.id = dispatch.request_id and answer.created >= dispatch.dispatched_at
    returning dispatch.request_id, dispatch.dispatched_at
  )
  delete from cc_private.dispatches as dispatch
  using answered
  where dispatch.request_id = answered.request_id and dispatch.dispatched_at = answered.dispatched_at;
exception when undefined_table or invalid_schema_name then
  null; -- Without pg_net there is nothing to forget.
end;
$$;

comment on function cc_private.forget_requests(uuid[]) is 'Removes what pg_net has of these conversations: requests with the contract''s body, and answers.';
revoke all on function cc_private.forget_requests(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.family_addresses(customer_id uuid)
returns setof public.cc_customer_addresses
language sql
stable
set search_path = ''
as $$
  select known.*
  from public.cc_customer_addresses as known
  where known.customer_id in (select cc_private.customer_family(family_addresses.customer_id))
$$;

comment on function cc_private.family_addresses(uuid) is 'The addresses of a person.';
revoke all on function cc_private.family_addresses(uuid) from public, anon, authenticated, service_role;

create function cc_private.empty_rejected_webhooks(webhook_ids uuid[])
returns void
language sql
volatile
set search_path = ''
as $$
  update public.cc_rejected_webhooks as rejected
  set parameters = '{}', erased_at = clock_timestamp()
  where rejected.id = any (webhook_ids)
$$;

comment on function cc_private.empty_rejected_webhooks(uuid[]) is 'Removes the parameters of these requests; their signatures stay, so that none comes back.';
revoke all on function cc_private.empty_rejected_webhooks(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.forget_addresses(customer_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- One wish of one person: whichever of the merged customers expressed it.
  wished_at timestamptz := (
    select min(customer.opted_out_at)
    from public.cc_customers as customer
    where customer.id in (select cc_private.customer_family(forget_addresses.customer_id))
  );
begin
  insert into cc_private.erased_addresses as erased (address_hash, erased_at, opted_out_at)
  select
    cc_private.address_hash(known.provider, known.channel, known.address), clock_timestamp(),
    wished_at
  from cc_private.family_addresses(forget_addresses.customer_id) as known
  on conflict on constraint erased_addresses_pkey do update
  set erased_at = excluded.erased_at, opted_out_at = excluded.opted_out_at;

  perform cc_private.empty_rejected_webhooks(array(
    select rejected.id
    from cc_private.rejected_webhooks_of(array(
      select known.address from cc_private.family_addresses(forget_addresses.customer_id) as known
    )) as rejected
  ));
  delete from public.cc_customer_addresses as known
  where known.customer_id in (select cc_private.customer_family(forget_addresses.customer_id));
end;
$$;

comment on function cc_private.forget_addresses(uuid) is 'Replaces a person''s addresses by their keyed hashes, and empties the rejected webhooks that name them.';
revoke all on function cc_private.forget_addresses(uuid) from public, anon, authenticated, service_role;

create function cc_private.begin_erasure(customer_id uuid, conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform cc_private.refuse_while_in_flight(conversation_ids);
  perform cc_private.end_open_turns(conversation_ids);
  perform cc_private.refuse_unsent(conversation_ids);
  perform cc_private.forget_requests(conversation_ids);

  update public.cc_turns as turn
  set last_error_message = null
  where turn.conversation_id = any (conversation_ids) and turn.last_error_message is not null;
  update public.cc_conversations as conversation
  set status = 'closed', provider_conversation_id = 'erased', summary = null, updated_at = now()
  where conversation.id = any (conversation_ids)
    and (
      conversation.status <> 'closed' or conversation.provider_conversation_id <> 'erased'
      or conversation.summary is not null
    );

  perform cc_private.forget_verifications(conversation_ids);
  perform cc_private.forget_addresses(begin_erasure.customer_id);
  update public.cc_customers as customer
  set name = null, opted_out_at = null, opted_in_at = null, remaining_messages = null,
    remaining_messages_at = null, rate_limit_notified_at = null,
    tokens_used = 0, tokens_used_on = null,
    erased_at = coalesce(customer.erased_at, clock_timestamp())
  where customer.id in (select cc_private.customer_family(begin_erasure.customer_id));
end;
$$;

comment on function cc_private.begin_erasure(uuid, uuid[]) is 'All of an erasure but the emptying of messages: nothing is open any more, and nothing more comes in.';
revoke all on function cc_private.begin_erasure(uuid, uuid[]) from public, anon, authenticated, service_role;

create function cc_private.messages_to_erase(conversation_ids uuid[])
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select message.id
  from public.cc_messages as message
  where message.conversation_id = any (conversation_ids)
    and (
      message.erased_at is null
      -- Those that the retention has emptied still have their addresses.
      or case message.direction when 'inbound' then message.from_address else message.to_address end <> 'erased'
    )
$$;

comment on function cc_private.messages_to_erase(uuid[]) is 'The messages of an erased person which still say something.';
revoke all on function cc_private.messages_to_erase(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.end_erasure(customer_id uuid, conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation_id uuid;
begin
  update public.cc_customers as customer
  set emptied_at = clock_timestamp()
  where customer.id in (select cc_private.customer_family(end_erasure.customer_id))
    and customer.emptied_at is null;
  if not found then
    return;
  end if;
  -- Without a conversation it is recorded in the chain that has none.
  foreach conversation_id in array
    case when conversation_ids = '{}' then array[null::uuid] else conversation_ids end
  loop
    perform cc_private.append_audit(conversation_id, cc_private.audit_event('customer_erased', 'human'));
  end loop;
end;
$$;

comment on function cc_private.end_erasure(uuid, uuid[]) is 'Records, once in each conversation, that its customer is erased.';
revoke all on function cc_private.end_erasure(uuid, uuid[]) from public, anon, authenticated, service_role;

create function cc_private.ring_for_deletions()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (select from cc_private.file_deletions as deletion where deletion.due_at <= clock_timestamp()) then
    perform cc_private.ring_function('media');
  end if;
exception when others then
  null; -- The sweep rings again, and says what keeps it from ringing.
end;
$$;

comment on function cc_private.ring_for_deletions() is 'Has files deleted that are to go; never raises.';
revoke all on function cc_private.ring_for_deletions() from public, anon, authenticated, service_role;

create function cc_private.erase_some(customer_id uuid, maximum integer)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation_ids uuid[] := cc_private.lock_family(customer_id);
  remaining bigint;
begin
  if conversation_ids is null then
    return jsonb_build_object('outcome', 'erasing');
  end if;
  perform cc_private.begin_erasure(customer_id, conversation_ids);
  perform cc_private.empty_messages(
    array(select cc_private.messages_to_erase(conversation_ids) limit maximum),
    customer_id
  );

  remaining := (select count(*) from cc_private.messages_to_erase(conversation_ids));
  if remaining > 0 then
    return jsonb_build_object('outcome', 'erasing', 'remaining', remaining);
  end if;
  perform cc_private.end_erasure(customer_id, conversation_ids);
  return jsonb_build_object('outcome', 'erased', 'remaining', 0);
end;
$$;

comment on function cc_private.erase_some(uuid, integer) is 'Begins or goes on with an erasure, by up to so many messages: outcome erased or erasing.';
revoke all on function cc_private.erase_some(uuid, integer) from public, anon, authenticated, service_role;

create function public.erase_customer(customer_id uuid, maximum integer default 5000)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '6s'
set lock_timeout = '2s'
as $$
declare
  erased jsonb;
begin
  if not exists (select from public.cc_customers as customer where customer.id = erase_customer.customer_id) then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  erased := cc_private.erase_some(customer_id, least(greatest(maximum, 1), 10000));
  perform cc_private.ring_for_deletions();
  return erased || jsonb_build_object('remaining_files', (
    select count(*)
    from cc_private.file_deletions as deletion
    where deletion.customer_id in (select cc_private.customer_family(erase_customer.customer_id))
  ));
end;
$$;

comment on function public.erase_customer(uuid, integer) is 'Erases a person for good: outcome erased; erasing with the number of remaining messages, to be called again; or not_found. Files go afterwards: remaining_files counts them. Raises PT409 while a message is on its way or in doubt. Definer: callers have no grant on any table.';
revoke all on function public.erase_customer(uuid, integer) from public, anon, authenticated;
grant execute on function public.erase_customer(uuid, integer) to service_role;
