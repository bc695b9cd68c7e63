-- The first step of erasing a person: ends what is open, forgets the addresses and closes the
-- conversations. From then on nothing more comes in, and all that is left is to empty the messages.

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
      and answer.id = dispatch.request_id
      and cc_private.is_answer_to(answer.created, dispatch.dispatched_at)
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
  -- Whoever works on one of the turns loses the lease.
  perform cc_private.silence_turns(array(
    select turn.id
    from public.cc_turns as turn
    where turn.conversation_id = any (conversation_ids)
      and turn.state in ('pending', 'running', 'retrying')
  ), 'customer_erased');
  perform cc_private.refuse_sends(array(
    select message.id
    from public.cc_messages as message
    where message.conversation_id = any (conversation_ids) and message.send_state = 'ready'
  ), 'customer_erased');
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
