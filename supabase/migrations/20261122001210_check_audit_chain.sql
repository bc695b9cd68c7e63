-- How a chain is read again: batch by batch, each in one snapshot with the chain's head and length. Rows
-- and head are committed together, so a writer can neither be blocked nor make a false alarm, and
-- whoever verifies needs no lock. All functions here are stable for this reason: they see what the
-- statement sees that calls them.

-- Where somebody who reads the record stands, and what was found on the way.
create type cc_private.audit_walk as (
  -- Go on to the next chain at the end of this one.
  is_whole boolean,
  -- Null: there is nothing left to read.
  chain_id uuid,
  -- The last row that was read in this chain, and its hash; null and empty before the first.
  row_id bigint,
  hash bytea,
  chain_row_count bigint,
  chain_count bigint,
  row_count bigint,
  problem_count bigint,
  problems jsonb
);

create function cc_private.start_audit_walk(conversation_id uuid)
returns cc_private.audit_walk
language sql
stable
set search_path = ''
as $$
  select (
    conversation_id is null, coalesce(conversation_id, '00000000-0000-0000-0000-000000000000'),
    null, '\x', 0, 0, 0, 0, '[]'
  )::cc_private.audit_walk
$$;

comment on function cc_private.start_audit_walk(uuid) is 'Stands before the first row of this conversation''s chain; of all chains for null.';
revoke all on function cc_private.start_audit_walk(uuid) from public, anon, authenticated, service_role;

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
  if chain_id = '00000000-0000-0000-0000-000000000000' then
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
  where find_audit_row.chain_id = '00000000-0000-0000-0000-000000000000'
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
    where chain_id = '00000000-0000-0000-0000-000000000000' and entry.conversation_id is null
  )
$$;

comment on function cc_private.count_audit_rows(uuid) is 'How many rows a chain really has.';
revoke all on function cc_private.count_audit_rows(uuid) from public, anon, authenticated, service_role;

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
      when chain_id = '00000000-0000-0000-0000-000000000000' then 'the chain without a conversation: '
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
  if chain.id = '00000000-0000-0000-0000-000000000000' then
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

create function cc_private.check_audit_batch(walk cc_private.audit_walk)
returns cc_private.audit_walk
language plpgsql
stable
set search_path = ''
as $$
declare
  -- As many rows as take some hundredths of a second.
  batch_size constant integer := 1000;
  chain cc_private.audit_chains;
  batch record;
  problem jsonb;
begin
  select known.* into chain from cc_private.audit_chains as known where known.id = walk.chain_id;
  with entries as (
    select entry.id, entry.hash,
      lag(entry.id, 1, walk.row_id) over (order by entry.id) as before_id,
      lag(entry.hash, 1, walk.hash) over (order by entry.id) as before_hash,
      entry.previous_hash,
      entry.hash is distinct from cc_private.audit_hash(entry) as is_changed
    from cc_private.audit_rows(walk.chain_id, walk.row_id, batch_size) as entry
  ),
  checked as (
    select *, is_changed or previous_hash is distinct from before_hash as is_broken from entries
  )
  select
    count(*) as row_count,
    max(checked.id) as last_id,
    (array_agg(checked.hash order by checked.id desc))[1] as last_hash,
    min(checked.id) filter (where checked.is_broken) as broken_id,
    (array_agg(checked.before_id order by checked.id) filter (where checked.is_broken))[1] as before_id,
    (array_agg(checked.before_hash order by checked.id) filter (where checked.is_broken))[1] as before_hash
  into batch
  from checked;

  if batch.row_count > 0 then
    walk.row_id := batch.last_id;
    walk.hash := batch.last_hash;
    walk.chain_row_count := walk.chain_row_count + batch.row_count;
    walk.row_count := walk.row_count + batch.row_count;
  end if;
  problem := case
    when chain.id is null then cc_private.audit_problem('chain_missing', walk.chain_id, null)
    when batch.broken_id is not null
      then cc_private.explain_audit_break(chain, batch.broken_id, batch.before_id, batch.before_hash)
    when batch.row_count < batch_size
      then cc_private.explain_audit_end(chain, walk.row_id, walk.hash, walk.chain_row_count)
  end;
  if problem is not null then
    walk.problem_count := walk.problem_count + 1;
    walk.problems := walk.problems || problem;
  end if;

  -- Nothing can be said of what follows the first broken row.
  if problem is not null or batch.row_count < batch_size then
    walk.chain_count := walk.chain_count + 1;
    walk.chain_id := case when walk.is_whole then cc_private.next_audit_chain(walk.chain_id) end;
    walk.row_id := null;
    walk.hash := '\x';
    walk.chain_row_count := 0;
  end if;
  return walk;
end;
$$;

comment on function cc_private.check_audit_batch(cc_private.audit_walk) is 'Checks up to a thousand rows from where the walk stands, and the chain''s end when it is reached.';
revoke all on function cc_private.check_audit_batch(cc_private.audit_walk) from public, anon, authenticated, service_role;

create function cc_private.walk_audit(walk cc_private.audit_walk, max_ms integer)
returns cc_private.audit_walk
language plpgsql
volatile
set search_path = ''
as $$
declare
  until timestamptz := clock_timestamp() + max_ms * interval '1 millisecond';
begin
  loop
    walk := cc_private.check_audit_batch(walk);
    exit when walk.chain_id is null or clock_timestamp() >= until;
  end loop;
  return walk;
end;
$$;

comment on function cc_private.walk_audit(cc_private.audit_walk, integer) is 'Checks one batch after the other for so many milliseconds, at least one.';
revoke all on function cc_private.walk_audit(cc_private.audit_walk, integer) from public, anon, authenticated, service_role;
