-- Heads that are kept outside of the database. Whoever may change rows and heads together can rewrite
-- the record so that it fits; it no longer fits what was written down elsewhere before.

create function cc_private.last_audit_row(chain_id uuid)
returns setof public.cc_audit_logs
language plpgsql
stable
set search_path = ''
as $$
begin
  if chain_id = cc_private.nil_id() then
    return query
      select entry.*
      from public.cc_audit_logs as entry
      where entry.conversation_id is null
      order by entry.conversation_id desc, entry.id desc
      limit 1;
  else
    return query
      select entry.*
      from public.cc_audit_logs as entry
      where entry.conversation_id = chain_id
      order by entry.id desc
      limit 1;
  end if;
end;
$$;

comment on function cc_private.last_audit_row(uuid) is 'The last row of a chain.';
revoke all on function cc_private.last_audit_row(uuid) from public, anon, authenticated, service_role;

create function public.list_audit_heads(after uuid default null, maximum integer default 1000)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '7s'
set lock_timeout = '2s'
as $$
  with chains as (
    select chain.*
    from cc_private.audit_chains as chain
    -- No id is smaller than that of the chain without a conversation.
    where chain.id >= coalesce(after, cc_private.nil_id())
      and chain.id is distinct from after
    order by chain.id
    limit least(maximum, 1000)
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'chain_id', chains.id,
        'row_count', chains.row_count,
        'last_row_id', (
          select entry.id
          from cc_private.last_audit_row(chains.id) as entry
          where entry.hash = chains.head
        ),
        'head', encode(chains.head, 'hex'),
        'read_at', statement_timestamp()
      )
      order by chains.id
    ),
    '[]'
  )
  from chains
$$;

comment on function public.list_audit_heads(uuid, integer) is 'Up to 1000 chains in the order of their ids, after this one, each with its length, its head and its last row (null when that one does not have the head: the chain is empty or broken). Definer: callers have no grant on any table.';
revoke all on function public.list_audit_heads(uuid, integer) from public, anon, authenticated;
grant execute on function public.list_audit_heads(uuid, integer) to service_role;

create function public.check_audit_anchor(heads jsonb)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '7s'
set lock_timeout = '2s'
as $$
  with anchored as (
    select anchor.chain_id, anchor.row_count, anchor.last_row_id, decode(anchor.head, 'hex') as head
    from jsonb_to_recordset(heads) as anchor (chain_id uuid, row_count bigint, last_row_id bigint, head text)
  ),
  compared as (
    select anchored.chain_id, anchored.last_row_id, case
      when chain.id is null then 'chain_missing'
      when chain.row_count < anchored.row_count then 'shorter_than_anchored'
      -- The hash covers the row's id, its conversation and all rows before it.
      when anchored.row_count > 0 and anchored.head is distinct from (
        select cc_private.audit_hash(entry)
        from public.cc_audit_logs as entry
        where entry.id = anchored.last_row_id and entry.hash = anchored.head
      ) then 'rewritten_since_anchored'
    end as kind
    from anchored
    left join cc_private.audit_chains as chain on chain.id = anchored.chain_id
  )
  select coalesce(
    jsonb_agg(
      cc_private.audit_problem(compared.kind, compared.chain_id, compared.last_row_id)
      order by compared.chain_id
    ),
    '[]'
  )
  from compared
  where compared.kind is not null
$$;

comment on function public.check_audit_anchor(jsonb) is 'The problems of chains that no longer hold what list_audit_heads gave once; they may have grown. Together with verify_audit_chain this proves every row up to the anchor. Definer: callers have no grant on any table.';
revoke all on function public.check_audit_anchor(jsonb) from public, anon, authenticated;
grant execute on function public.check_audit_anchor(jsonb) to service_role;
