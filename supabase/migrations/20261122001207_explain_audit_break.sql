-- What happened to a chain that does not fit together, as far as its rows tell.

create function cc_private.audit_problem(kind text, chain_id uuid, row_id bigint)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'kind', kind,
    'chain_id', chain_id,
    'row_id', row_id,
    'text', case
      when chain_id = cc_private.nil_id() then 'the chain without a conversation: '
      else format('conversation %s: ', chain_id)
    end || case kind
      when 'changed' then format('row %s is not what was written', row_id)
      when 'inserted' then format('row %s was put in', row_id)
      when 'removed' then format('what stood before row %s is gone', row_id)
      when 'out_of_order' then format('row %s stands in the place of another', row_id)
      when 'end_removed' then coalesce(format('what stood after row %s is gone', row_id), 'all rows are gone')
      when 'head_mismatch' then format('row %s is not what the chain ends with', row_id)
      when 'count_mismatch' then 'the chain says another number of rows'
      when 'chain_missing' then 'there is no chain'
      when 'shorter_than_anchored' then format('row %s was anchored, and the chain has become shorter', row_id)
      when 'rewritten_since_anchored' then format('row %s was anchored, and is another one or gone', row_id)
    end
  )
$$;

comment on function cc_private.audit_problem(text, uuid, bigint) is 'What is wrong with a chain, and at which row, with a sentence for the operator.';
revoke all on function cc_private.audit_problem(text, uuid, bigint) from public, anon, authenticated, service_role;

create function cc_private.explain_audit_break(
  chain cc_private.audit_chains,
  broken_id bigint,
  before_id bigint,
  before_hash bytea
)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  broken public.cc_audit_logs;
  following public.cc_audit_logs;
  goes_on_without_it boolean;
  is_as_written boolean;
  written_after bigint;
  put_in bigint;
begin
  select entry.* into broken from public.cc_audit_logs as entry where entry.id = broken_id;
  select entry.* into following from cc_private.audit_rows(chain.id, broken_id, 1) as entry;
  goes_on_without_it := before_hash = case when following.id is null then chain.head else following.previous_hash end;
  is_as_written := broken.hash is not distinct from cc_private.audit_hash(broken);
  written_after := cc_private.find_audit_row(chain.id, broken.previous_hash);
  -- What stands between a row and the one it was written after.
  if is_as_written and (written_after is not null or broken.previous_hash = '\x') then
    select entry.id into put_in from cc_private.audit_rows(chain.id, written_after, 1) as entry;
  end if;

  return case
    when written_after > broken_id then cc_private.audit_problem('out_of_order', chain.id, broken_id)
    when goes_on_without_it then cc_private.audit_problem('inserted', chain.id, broken_id)
    when put_in < broken_id then cc_private.audit_problem('inserted', chain.id, put_in)
    when not is_as_written then cc_private.audit_problem('changed', chain.id, broken_id)
    -- None is missing, so the one before was written anew, with a hash that suits it.
    when cc_private.count_audit_rows(chain.id) >= chain.row_count
      then cc_private.audit_problem('changed', chain.id, coalesce(before_id, broken_id))
    else cc_private.audit_problem('removed', chain.id, broken_id)
  end;
end;
$$;

comment on function cc_private.explain_audit_break(cc_private.audit_chains, bigint, bigint, bytea) is 'What happened at the first row that does not fit into its chain, as far as the other rows tell.';
revoke all on function cc_private.explain_audit_break(cc_private.audit_chains, bigint, bigint, bytea) from public, anon, authenticated, service_role;

create function cc_private.explain_audit_end(
  chain cc_private.audit_chains,
  last_id bigint,
  last_hash bytea,
  found_count bigint
)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  put_in bigint;
begin
  if chain.id = cc_private.nil_id() then
    -- No conversation has this id: such a row would be in no chain.
    select entry.id into put_in from public.cc_audit_logs as entry where entry.conversation_id = chain.id limit 1;
  end if;
  if put_in is null and found_count > chain.row_count and last_hash is distinct from chain.head then
    select entry.id into put_in
    from cc_private.audit_rows(chain.id, cc_private.find_audit_row(chain.id, chain.head), 1) as entry;
  end if;

  return case
    when put_in is not null then cc_private.audit_problem('inserted', chain.id, put_in)
    when last_hash = chain.head and found_count = chain.row_count then null
    when last_hash = chain.head then cc_private.audit_problem('count_mismatch', chain.id, last_id)
    when found_count < chain.row_count then cc_private.audit_problem('end_removed', chain.id, last_id)
    else cc_private.audit_problem('head_mismatch', chain.id, last_id)
  end;
end;
$$;

comment on function cc_private.explain_audit_end(cc_private.audit_chains, bigint, bytea, bigint) is 'What is wrong with the end of a chain whose rows fit together; null when nothing is.';
revoke all on function cc_private.explain_audit_end(cc_private.audit_chains, bigint, bytea, bigint) from public, anon, authenticated, service_role;
