-- The rows of a chain, in their order. Whoever calls more than one of these in a statement sees one moment.

create function cc_private.audit_rows(chain_id uuid, after_id bigint, maximum integer)
returns setof public.cc_audit_logs
language plpgsql
stable
set search_path = ''
as $$
declare
  -- A row that was put in may have any number.
  from_id bigint := coalesce(after_id, -9223372036854775808);
begin
  if chain_id = cc_private.nil_id() then
    return query
      select entry.*
      from public.cc_audit_logs as entry
      where entry.conversation_id is null and entry.id >= from_id and entry.id is distinct from after_id
      -- By both: for "is null" Postgres does not see that the index has the order.
      order by entry.conversation_id, entry.id
      limit maximum;
  else
    return query
      select entry.*
      from public.cc_audit_logs as entry
      where entry.conversation_id = chain_id and entry.id >= from_id and entry.id is distinct from after_id
      order by entry.id
      limit maximum;
  end if;
end;
$$;

comment on function cc_private.audit_rows(uuid, bigint, integer) is 'So many rows of a chain, in their order, after this one; from the first for null.';
revoke all on function cc_private.audit_rows(uuid, bigint, integer) from public, anon, authenticated, service_role;

create function cc_private.find_audit_row(chain_id uuid, hash bytea)
returns bigint
language sql
stable
set search_path = ''
as $$
  -- Reads the chain from end to end: once for a chain that is broken.
  select entry.id
  from public.cc_audit_logs as entry
  where entry.conversation_id = find_audit_row.chain_id and entry.hash = find_audit_row.hash
  union all
  select entry.id
  from public.cc_audit_logs as entry
  where find_audit_row.chain_id = cc_private.nil_id()
    and entry.conversation_id is null and entry.hash = find_audit_row.hash
  limit 1
$$;

comment on function cc_private.find_audit_row(uuid, bytea) is 'The row of a chain that has this hash; null when there is none.';
revoke all on function cc_private.find_audit_row(uuid, bytea) from public, anon, authenticated, service_role;

create function cc_private.count_audit_rows(chain_id uuid)
returns bigint
language sql
stable
set search_path = ''
as $$
  select (
    select count(*)
    from public.cc_audit_logs as entry
    where entry.conversation_id = chain_id
  ) + (
    select count(*)
    from public.cc_audit_logs as entry
    where chain_id = cc_private.nil_id() and entry.conversation_id is null
  )
$$;

comment on function cc_private.count_audit_rows(uuid) is 'How many rows a chain really has.';
revoke all on function cc_private.count_audit_rows(uuid) from public, anon, authenticated, service_role;

create function cc_private.next_audit_chain(chain_id uuid)
returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  -- A conversation must have a chain, and so must a row.
  return least(
    (
      select chain.id from cc_private.audit_chains as chain
      where chain.id > chain_id order by chain.id limit 1
    ),
    (
      select conversation.id from public.cc_conversations as conversation
      where conversation.id > chain_id order by conversation.id limit 1
    ),
    (
      select entry.conversation_id from public.cc_audit_logs as entry
      where entry.conversation_id > chain_id order by entry.conversation_id limit 1
    )
  );
end;
$$;

comment on function cc_private.next_audit_chain(uuid) is 'The chain that follows in the order of ids, also one that should be there and is not; null after the last.';
revoke all on function cc_private.next_audit_chain(uuid) from public, anon, authenticated, service_role;
