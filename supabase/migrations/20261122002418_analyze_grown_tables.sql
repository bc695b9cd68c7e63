-- Among a handful of rows every plan costs the same, and Postgres may take any: the wrong index, or one row
-- after the other. A session keeps such a plan until the table is analyzed, which autovacuum does once a minute
-- at best. In a young installation that grows by thousands of customers in that minute, a message then reads all
-- of them: so what has doubled is analyzed with the next sweep.

create function cc_private.analyze_grown_tables()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  grown regclass;
  analyzed integer := 0;
begin
  for grown in
    select relation.oid::regclass
    from pg_catalog.pg_class as relation
    where relation.relkind = 'r'
      and (
        relation.relnamespace = 'cc_private'::regnamespace
        or relation.relnamespace = 'public'::regnamespace and relation.relname like 'cc\_%'
      )
      -- Beyond 8 MB no plan is taken for another, and a table takes its time to double.
      and relation.relpages < 1000
      and pg_relation_size(relation.oid)
        > 2 * greatest(relation.relpages, 1) * current_setting('block_size')::bigint
  loop
    -- Who has it locked may be autovacuum, about to do the same.
    execute format('analyze (skip_locked) %s', grown);
    analyzed := analyzed + 1;
  end loop;
  return analyzed;
end;
$$;

comment on function cc_private.analyze_grown_tables() is 'Analyzes our small tables that are twice as large as when they were analyzed last, so that no session keeps the plans of an empty one; gives their number.';
revoke all on function cc_private.analyze_grown_tables() from public, anon, authenticated, service_role;
