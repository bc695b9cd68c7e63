-- Who is to be erased: a person may be several customers, merged into one another, each with conversations
-- and addresses.

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
