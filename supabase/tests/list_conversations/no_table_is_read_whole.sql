begin;
select plan(8);

-- SETUP
-- With a few rows the planner likes to read a whole table: here it does so only where no index serves.
set local enable_seqscan = off;
select tests.orchestrator();
create temp table sid as select tests.next_sid() as sid;
select tests.receive('Hello', sid => sid) from sid;
create temp table read_before as
select relname, seq_scan from pg_stat_xact_user_tables where schemaname = 'public';
create temp table asked as
select array[
  public.list_conversations(), public.list_conversations('waiting'), public.list_conversations('dead'),
  public.get_conversation(tests.conversation()), public.list_messages(tests.conversation()),
  public.list_audit(tests.conversation()), public.get_journey(sid),
  public.get_activity(now() - interval '1 hour')
] as answers
from sid;
create function pg_temp.read_whole(name text) returns bigint language sql
as $$
  select after.seq_scan - before.seq_scan
  from pg_stat_xact_user_tables as after
  join read_before as before using (relname)
  where after.schemaname = 'public' and after.relname = read_whole.name
$$;
create function pg_temp.is_used(index text) returns boolean language sql
as $$ select pg_stat_get_xact_numscans(('public.' || index)::regclass) > 0 $$;

-- TEST
select is(pg_temp.read_whole('cc_conversations'), 0::bigint, 'no conversation but by an index');
select is(pg_temp.read_whole('cc_messages'), 0::bigint, 'no message');
select is(pg_temp.read_whole('cc_turns'), 0::bigint, 'no turn');
select is(pg_temp.read_whole('cc_audit_logs'), 0::bigint, 'no row of the audit');
-- Any index could be read from end to end, and sorted: these give the order too.
select ok(pg_temp.is_used('cc_turns_unanswered_idx'), 'who waits comes in order');
select ok(pg_temp.is_used('cc_conversations_created_at_idx'), 'so do the others');
select ok(pg_temp.is_used('cc_turns_dead_created_at_idx'), 'and the dead turns');
select ok(pg_temp.is_used('cc_messages_seq_key'), 'and messages');

select * from finish();
rollback;
