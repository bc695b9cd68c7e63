-- The one call that the webhook makes. Locks are taken in the order that every writer keeps:
-- signature, customer, conversation, turn, message, audit.

create function cc_private.lock_active_conversation(
  customer_id uuid,
  channel text,
  provider text,
  customer_address text,
  business_address text,
  inbound_at timestamptz
)
returns public.cc_conversations
language plpgsql
volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  locked public.cc_conversations;
begin
  -- Nearly always it is there, and an update costs half of what an upsert does. Each further round needs
  -- somebody who opens or closes it between two statements.
  loop
    update public.cc_conversations as conversation
    -- A message that was found late does not say where the customer writes now. Clocks may differ by seconds.
    set provider_conversation_id = case
        when lock_active_conversation.inbound_at >= conversation.last_inbound_at - interval '10 seconds'
        then lock_active_conversation.customer_address else conversation.provider_conversation_id
      end,
      business_address = case
        when lock_active_conversation.inbound_at >= conversation.last_inbound_at - interval '10 seconds'
        then lock_active_conversation.business_address else conversation.business_address
      end,
      last_inbound_at = greatest(conversation.last_inbound_at, lock_active_conversation.inbound_at),
      last_seq = conversation.last_seq + 1,
      updated_at = now()
    where conversation.customer_id = lock_active_conversation.customer_id
      and conversation.channel = lock_active_conversation.channel
      and conversation.status = 'active'
    returning * into locked;
    exit when found;

    insert into public.cc_conversations as conversation (
      customer_id, channel, provider, provider_conversation_id, business_address, last_inbound_at, last_seq
    )
    values (
      lock_active_conversation.customer_id, lock_active_conversation.channel,
      lock_active_conversation.provider, lock_active_conversation.customer_address,
      lock_active_conversation.business_address, lock_active_conversation.inbound_at, 1
    )
    on conflict (customer_id, channel) where status = 'active' do nothing
    returning * into locked;
    exit when found;
  end loop;
  return locked;
end;
$$;

comment on function cc_private.lock_active_conversation(uuid, text, text, text, text, timestamptz) is 'The customer''s one active conversation on a channel, made if need be, locked until the transaction ends; last_seq is the next message''s number already.';
revoke all on function cc_private.lock_active_conversation(uuid, text, text, text, text, timestamptz) from public, anon, authenticated, service_role;

create function cc_private.rename_customer(customer_id uuid, name text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_customers as customer
  set name = rename_customer.name
  where customer.id = rename_customer.customer_id
    and customer.name is distinct from rename_customer.name
    and rename_customer.name is not null;
end;
$$;

comment on function cc_private.rename_customer(uuid, text) is 'Keeps the profile name that the customer last wrote with.';
revoke all on function cc_private.rename_customer(uuid, text) from public, anon, authenticated, service_role;

create function cc_private.find_message(provider text, provider_message_id text, signature text)
returns table (conversation_id uuid, message_id uuid)
language plpgsql
stable
set search_path = ''
as $$
begin
  return query
    select message.conversation_id, message.id
    from public.cc_messages as message
    where message.provider = find_message.provider
      and message.provider_message_id = find_message.provider_message_id
    union all
    select message.conversation_id, message.id
    from public.cc_messages as message
    where message.signature = find_message.signature
    union all
    select cc_private.nil_id(), cc_private.nil_id()
    from cc_private.dropped_messages as dropped
    where dropped.provider = find_message.provider
      and dropped.provider_message_id = find_message.provider_message_id
    union all
    select cc_private.nil_id(), cc_private.nil_id()
    from cc_private.dropped_messages as dropped
    where dropped.signature = find_message.signature
    limit 1;
end;
$$;

comment on function cc_private.find_message(text, text, text) is 'The message that we have already under this id, or under this signature; the nil ids for one that was dropped.';
revoke all on function cc_private.find_message(text, text, text) from public, anon, authenticated, service_role;

create function public.ingest_inbound_message(
  provider_message_id text,
  from_address text,
  to_address text,
  body_text text,
  body_json jsonb default '{}',
  customer_name text default null,
  channel text default 'whatsapp',
  provider text default 'twilio',
  signature text default null,
  inbound_at timestamptz default null,
  other_addresses text[] default '{}',
  is_recovered boolean default false
)
returns table (conversation_id uuid, message_id uuid, is_new_message boolean)
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
set plan_cache_mode = 'force_generic_plan'
-- A session keeps the plans of its first message, and the tables may have been empty then. Where a scan
-- is the only way, as of the settings' one row, it now counts as dear enough to be compiled: jit is off.
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
  addresses text[] := ingest_inbound_message.from_address || ingest_inbound_message.other_addresses;
  customer public.cc_customers;
  conversation public.cc_conversations;
  known record;
begin
  is_new_message := false;
  -- Most repeats end here: a look-up in the unique index, no lock, nothing written.
  select message.conversation_id, message.id,
    message.recovered_at is not null and message.completed_at is null as awaits_webhook
  into known
  from public.cc_messages as message
  where message.provider = ingest_inbound_message.provider
    and message.provider_message_id = ingest_inbound_message.provider_message_id;
  if found then
    if ingest_inbound_message.signature is not null then
      perform cc_private.keep_signature(ingest_inbound_message.signature);
    end if;
    if known.awaits_webhook and not ingest_inbound_message.is_recovered then
      perform cc_private.complete_recovered_message(
        ingest_inbound_message.provider, ingest_inbound_message.provider_message_id,
        ingest_inbound_message.body_text, ingest_inbound_message.body_json,
        ingest_inbound_message.customer_name, ingest_inbound_message.signature
      );
    end if;
    conversation_id := known.conversation_id;
    message_id := known.id;
    return next;
    return;
  end if;

  -- The same signed bytes at the same time, or before as another message or another kind of webhook.
  if not cc_private.take_signature(ingest_inbound_message.signature) then
    select stored.conversation_id, stored.message_id into conversation_id, message_id
    from cc_private.find_message(
      ingest_inbound_message.provider,
      ingest_inbound_message.provider_message_id,
      ingest_inbound_message.signature
    ) as stored;
    if not found then
      perform cc_private.refuse_replay();
    end if;
    return next;
    return;
  end if;

  if cc_private.is_older_than_erasure(
    ingest_inbound_message.provider, ingest_inbound_message.channel, addresses,
    ingest_inbound_message.inbound_at,
    ingest_inbound_message.provider_message_id, ingest_inbound_message.signature
  ) then
    conversation_id := cc_private.nil_id();
    message_id := cc_private.nil_id();
    return next;
    return;
  end if;

  if cardinality(addresses) = 1 then
    customer := cc_private.hold_known_customer(
      ingest_inbound_message.provider, ingest_inbound_message.channel,
      ingest_inbound_message.from_address
    );
  end if;
  if customer.id is null then
    customer.id := cc_private.find_or_make_living_customer(
      ingest_inbound_message.provider, ingest_inbound_message.channel, addresses,
      ingest_inbound_message.customer_name, ingest_inbound_message.inbound_at
    );
  end if;
  if customer.id is null then
    perform cc_private.drop_message(
      ingest_inbound_message.provider, ingest_inbound_message.provider_message_id,
      ingest_inbound_message.signature
    );
    conversation_id := cc_private.nil_id();
    message_id := cc_private.nil_id();
    return next;
    return;
  end if;

  conversation := cc_private.lock_active_conversation(
    customer.id, ingest_inbound_message.channel, ingest_inbound_message.provider,
    ingest_inbound_message.from_address, ingest_inbound_message.to_address,
    least(coalesce(ingest_inbound_message.inbound_at, now()), now())
  );

  -- The indexes decide, under the lock. The message joins the turn that waits, or names a new one.
  insert into public.cc_messages (
    conversation_id, seq, turn_id, direction, provider, provider_message_id,
    from_address, to_address, body_text, body_json, signature, recovered_at, provider_created_at
  )
  values (
    conversation.id, conversation.last_seq,
    cc_private.pending_turn_id(conversation.id),
    'inbound', ingest_inbound_message.provider, ingest_inbound_message.provider_message_id,
    ingest_inbound_message.from_address, ingest_inbound_message.to_address,
    ingest_inbound_message.body_text, ingest_inbound_message.body_json,
    ingest_inbound_message.signature,
    case when ingest_inbound_message.is_recovered then clock_timestamp() end,
    case when ingest_inbound_message.is_recovered then coalesce(ingest_inbound_message.inbound_at, now()) end
  )
  on conflict do nothing
  returning cc_messages.id into message_id;
  is_new_message := found;
  conversation_id := conversation.id;
  if is_new_message then
    if ingest_inbound_message.customer_name is distinct from customer.name then
      perform cc_private.rename_customer(customer.id, ingest_inbound_message.customer_name);
    end if;
    return next;
    return;
  end if;

  -- Somebody was quicker. The number is given back under the same lock: repeats leave no gap.
  update public.cc_conversations as locked
  set last_seq = locked.last_seq - 1
  where locked.id = conversation.id;
  select stored.conversation_id, stored.message_id into conversation_id, message_id
  from cc_private.find_message(
    ingest_inbound_message.provider,
    ingest_inbound_message.provider_message_id,
    ingest_inbound_message.signature
  ) as stored;
  if not ingest_inbound_message.is_recovered then
    perform cc_private.complete_recovered_message(
      ingest_inbound_message.provider, ingest_inbound_message.provider_message_id,
      ingest_inbound_message.body_text, ingest_inbound_message.body_json,
      ingest_inbound_message.customer_name, ingest_inbound_message.signature, conversation.id
    );
  end if;
  return next;
end;
$$;

comment on function public.ingest_inbound_message(text, text, text, text, jsonb, text, text, text, text, timestamptz, text[], boolean) is 'Stores an inbound message exactly once, with its conversation, turn, dispatch and audit, in one transaction; a repeat gives back what is stored, and a message that is older than its customer''s erasure the nil ids. What the sync brings is_recovered, with Twilio''s time as inbound_at; its late webhook completes it, once. Definer: callers have no grant on any table.';
revoke all on function public.ingest_inbound_message(text, text, text, text, jsonb, text, text, text, text, timestamptz, text[], boolean) from public, anon, authenticated;
grant execute on function public.ingest_inbound_message(text, text, text, text, jsonb, text, text, text, text, timestamptz, text[], boolean) to service_role;
