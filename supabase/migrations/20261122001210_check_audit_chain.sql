-- How a chain is read again: batch by batch, each in one snapshot with the chain's head and length. Rows
-- and head are committed together, so a writer can neither be blocked nor make a false alarm, and
-- whoever verifies needs no lock. What reads a batch is stable for this reason: it sees what the statement
-- sees that calls it.

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
    conversation_id is null, coalesce(conversation_id, cc_private.nil_id()),
    null, '\x', 0, 0, 0, 0, '[]'
  )::cc_private.audit_walk
$$;

comment on function cc_private.start_audit_walk(uuid) is 'Stands before the first row of this conversation''s chain; of all chains for null.';
revoke all on function cc_private.start_audit_walk(uuid) from public, anon, authenticated, service_role;

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
