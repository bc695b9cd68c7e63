-- Who a customer is: one person, however many addresses. A phone number and a BSUID that come in one
-- webhook are the same person from then on, and two customers that turn out to be one are merged.
--
-- Whoever ingests holds the customer (an advisory lock) before anything else: messages share it, a merge
-- has it alone. So no conversation can be opened for a customer while that customer is merged away,
-- and no writer but ingest has to know of merges at all: they lock the conversation, as ever.

create function cc_private.customers_with(provider text, channel text, addresses text[])
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(array_agg(person.id order by person.created_at, person.id), '{}')
    from (
      select distinct root.id, root.created_at
      from public.cc_customer_addresses as known
      join public.cc_customers as customer on customer.id = known.customer_id
      -- An address that was added while its customer was being merged still names the younger one.
      join public.cc_customers as root on root.id = coalesce(customer.merged_into, customer.id)
      where known.provider = customers_with.provider
        and known.channel = customers_with.channel
        and known.address = any (customers_with.addresses)
    ) as person
  );
end;
$$;

comment on function cc_private.customers_with(text, text, text[]) is 'The customers with these addresses, the eldest first.';
revoke all on function cc_private.customers_with(text, text, text[]) from public, anon, authenticated, service_role;

create function cc_private.keep_addresses(provider text, channel text, addresses text[], name text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  missing text[];
  known_id uuid;
  owner_id uuid;
begin
  select array_agg(distinct given.address order by given.address) into missing
  from unnest(addresses) as given (address)
  where not exists (
    select
    from public.cc_customer_addresses as known
    where known.provider = keep_addresses.provider
      and known.channel = keep_addresses.channel
      and known.address = given.address
  );
  if missing is null then
    return;
  end if;
  known_id := (cc_private.customers_with(provider, channel, addresses))[1];
  owner_id := coalesce(known_id, gen_random_uuid());

  -- An address decides who of several simultaneous first messages makes the customer. Always in the
  -- same order, since each waits for whoever is inserting it.
  insert into public.cc_customer_addresses (provider, channel, address, customer_id)
  select keep_addresses.provider, keep_addresses.channel, ordered.address, owner_id
  from unnest(missing) with ordinality as ordered (address, place)
  order by ordered.place
  on conflict on constraint cc_customer_addresses_pkey do nothing;
  if found and known_id is null then
    insert into public.cc_customers (id, name, opted_out_at)
    values (owner_id, keep_addresses.name, cc_private.kept_opt_out(provider, channel, addresses));
  end if;
end;
$$;

comment on function cc_private.keep_addresses(text, text, text[], text) is 'Gives the addresses that nobody has to the customer who has one of the others, or to a new one.';
revoke all on function cc_private.keep_addresses(text, text, text[], text) from public, anon, authenticated, service_role;

create function cc_private.lock_customers(customer_ids uuid[], is_alone boolean)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  key bigint;
begin
  for key in
    select hashtextextended(customer.id::text, 0) as key
    from unnest(customer_ids) as customer (id)
    order by 1
  loop
    if is_alone then
      perform pg_advisory_xact_lock(key);
    else
      perform pg_advisory_xact_lock_shared(key);
    end if;
  end loop;
end;
$$;

comment on function cc_private.lock_customers(uuid[], boolean) is 'Locks who the customers are until the transaction ends, together with others or alone; before any other lock.';
revoke all on function cc_private.lock_customers(uuid[], boolean) from public, anon, authenticated, service_role;

create function cc_private.hold_customers(customer_ids uuid[], provider text, channel text, addresses text[])
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform cc_private.lock_customers(customer_ids, is_alone => cardinality(customer_ids) > 1);
  if cc_private.customers_with(provider, channel, addresses) is distinct from customer_ids then
    raise exception using errcode = 'SB000';
  end if;
  return true;
exception when sqlstate 'SB000' then
  return false; -- Leaving the block so lets go of what it has locked: who held on could deadlock.
end;
$$;

comment on function cc_private.hold_customers(uuid[], text, text, text[]) is 'Keeps the customers as they are until the transaction ends: one together with other messages, several alone; false, and nothing held, when others have these addresses by now.';
revoke all on function cc_private.hold_customers(uuid[], text, text, text[]) from public, anon, authenticated, service_role;

create function cc_private.hold_known_customer(provider text, channel text, address text)
returns public.cc_customers
language plpgsql
volatile
set search_path = ''
as $$
declare
  known_id uuid;
  held public.cc_customers;
begin
  select known.customer_id into known_id
  from public.cc_customer_addresses as known
  where known.provider = hold_known_customer.provider
    and known.channel = hold_known_customer.channel
    and known.address = hold_known_customer.address;
  if not found then
    return null;
  end if;

  perform pg_advisory_xact_lock_shared(hashtextextended(known_id::text, 0));
  select customer.* into held
  from public.cc_customer_addresses as known
  join public.cc_customers as customer on customer.id = known.customer_id
  where known.provider = hold_known_customer.provider
    and known.channel = hold_known_customer.channel
    and known.address = hold_known_customer.address
    and customer.id = known_id
    and customer.merged_into is null;
  if not found then
    raise exception using errcode = 'SB000';
  end if;
  return held;
exception when sqlstate 'SB000' then
  return null; -- Leaving the block so lets go of what it has locked.
end;
$$;

comment on function cc_private.hold_known_customer(text, text, text) is 'The usual case of find_or_make_customer, at a third of its cost: one address, known, of somebody who is not being merged or erased at this moment; null, and nothing held, in every other case.';
revoke all on function cc_private.hold_known_customer(text, text, text) from public, anon, authenticated, service_role;

create function cc_private.find_or_make_customer(provider text, channel text, addresses text[], name text)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  customer_ids uuid[];
begin
  -- Each further round needs somebody else's merge between two statements, and merges run out.
  loop
    perform cc_private.keep_addresses(provider, channel, addresses, name);
    customer_ids := cc_private.customers_with(provider, channel, addresses);
    exit when cc_private.hold_customers(customer_ids, provider, channel, addresses);
  end loop;
  if cardinality(customer_ids) > 1 then
    perform cc_private.merge_customers(customer_ids);
  end if;
  return customer_ids[1];
end;
$$;

comment on function cc_private.find_or_make_customer(text, text, text[], text) is 'The customer with these addresses, who is held until the transaction ends: one, however many first messages arrive at once, and whoever had one of them before.';
revoke all on function cc_private.find_or_make_customer(text, text, text[], text) from public, anon, authenticated, service_role;

create function cc_private.merge_customers(customer_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  younger_id uuid;
begin
  -- No conversation of theirs can come or go while they are held, so these are all.
  perform 1
  from public.cc_conversations as conversation
  where conversation.customer_id = any (customer_ids)
  order by conversation.id
  for update;

  foreach younger_id in array customer_ids[2:] loop
    perform cc_private.record_merge(younger_id, customer_ids[1]);
    perform cc_private.merge_what_they_said(younger_id, customer_ids[1]);
    perform cc_private.move_conversations(younger_id, customer_ids[1]);

    update public.cc_customer_addresses as known
    set customer_id = customer_ids[1]
    where known.customer_id = younger_id;
    -- Whom the younger one had absorbed: one step always leads to the end.
    update public.cc_customers as customer
    set merged_into = customer_ids[1], name = null
    where customer.id = younger_id or customer.merged_into = younger_id;
  end loop;
end;
$$;

comment on function cc_private.merge_customers(uuid[]) is 'Makes one customer of several, the first: theirs are all addresses and conversations from now on. The caller holds them alone.';
revoke all on function cc_private.merge_customers(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.record_merge(younger_id uuid, elder_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation_id uuid;
begin
  for conversation_id in
    select conversation.id
    from public.cc_conversations as conversation
    where conversation.customer_id in (record_merge.younger_id, record_merge.elder_id)
    order by conversation.id
  loop
    perform cc_private.append_audit(conversation_id, cc_private.audit_event(
      'customers_merged',
      output => jsonb_build_object('customer_id', elder_id, 'merged_customer_id', younger_id)
    ));
    -- Who proved to be one of them has not proved to be the other.
    perform cc_private.end_verification(conversation_id, 'customers_merged');
  end loop;
end;
$$;

comment on function cc_private.record_merge(uuid, uuid) is 'Records the merge in each conversation of both, and ends what was verified there.';
revoke all on function cc_private.record_merge(uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.merge_what_they_said(younger_id uuid, elder_id uuid)
returns void
language sql
volatile
set search_path = ''
as $$
  -- The newer word about messages counts, the emptier bucket, and the name that is there.
  update public.cc_customers as elder
  set name = coalesce(elder.name, younger.name),
    opted_out_at = case
      when greatest(elder.opted_out_at, younger.opted_out_at)
        >= coalesce(greatest(elder.opted_in_at, younger.opted_in_at), '-infinity')
      then greatest(elder.opted_out_at, younger.opted_out_at)
    end,
    opted_in_at = greatest(elder.opted_in_at, younger.opted_in_at),
    remaining_messages = least(
      cc_private.remaining_allowance(elder, settings), cc_private.remaining_allowance(younger, settings)
    ),
    remaining_messages_at = clock_timestamp(),
    tokens_used = case
        when elder.tokens_used_on < younger.tokens_used_on then 0 else elder.tokens_used
      end + case
        when younger.tokens_used_on < elder.tokens_used_on then 0 else younger.tokens_used
      end,
    tokens_used_on = greatest(elder.tokens_used_on, younger.tokens_used_on),
    rate_limit_notified_at = greatest(elder.rate_limit_notified_at, younger.rate_limit_notified_at)
  from public.cc_customers as younger, public.cc_settings as settings
  where elder.id = merge_what_they_said.elder_id and younger.id = merge_what_they_said.younger_id
$$;

comment on function cc_private.merge_what_they_said(uuid, uuid) is 'Lets the elder customer know what the younger one said of opt-out, how much they wrote and what their answers took of the day''s tokens.';
revoke all on function cc_private.merge_what_they_said(uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.move_conversations(younger_id uuid, elder_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- Closed to new messages only: claims, callbacks and the sweep ask for no status. A customer who is
  -- talking to a person goes on talking to that person; else the elder's conversation goes on.
  update public.cc_conversations as closing
  set status = 'closed', updated_at = now()
  from public.cc_conversations as staying
  where (closing.customer_id, staying.customer_id) in ((younger_id, elder_id), (elder_id, younger_id))
    and closing.channel = staying.channel
    and closing.status = 'active'
    and staying.status = 'active'
    and case when closing.handler = staying.handler
      then closing.customer_id = younger_id else closing.handler = 'agent'
    end;

  update public.cc_conversations as moving
  set customer_id = elder_id, updated_at = now()
  where moving.customer_id = younger_id;
end;
$$;

comment on function cc_private.move_conversations(uuid, uuid) is 'Gives the younger customer''s conversations to the elder. Of two active ones on a channel one stays active: the one that a person handles, else the elder''s. No message moves.';
revoke all on function cc_private.move_conversations(uuid, uuid) from public, anon, authenticated, service_role;
