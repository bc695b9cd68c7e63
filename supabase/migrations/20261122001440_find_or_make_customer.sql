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
    select coalesce(array_agg(root.id order by root.created_at, root.id), '{}')
    from public.cc_customers as root
    where root.id = any (array(
      -- An address that was added while its customer was being merged still names the younger one. Looked up
      -- one by one, as below: as a join it may be made with all customers.
      select (
        select coalesce(customer.merged_into, customer.id)
        from public.cc_customers as customer
        where customer.id = known.customer_id
      )
      from public.cc_customer_addresses as known
      where known.provider = customers_with.provider
        and known.channel = customers_with.channel
        and known.address = any (customers_with.addresses)
    ))
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
  -- As "not exists" it may become a join, which a session that planned it among few customers goes on making
  -- with all of them.
  select array_agg(distinct given.address order by given.address) into missing
  from unnest(addresses) as given (address)
  where (
    select known.customer_id
    from public.cc_customer_addresses as known
    where known.provider = keep_addresses.provider
      and known.channel = keep_addresses.channel
      and known.address = given.address
  ) is null;
  if missing is null then
    return;
  end if;
  known_id := (cc_private.customers_with(provider, channel, addresses))[1];
  owner_id := coalesce(known_id, cc_private.new_id());

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
