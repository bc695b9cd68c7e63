begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select tests.answer(request_id, 202) from cc_private.dispatches;
select cc_private.sweep();
create function pg_temp.writes() returns table (relation name, times bigint) language sql
as $$
  select relname, sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint
  from pg_stat_xact_user_tables
  where schemaname in ('public', 'cc_private', 'net', 'cron') and relname <> 'heartbeats'
  group by relname
$$;
create temp table before as select * from pg_temp.writes();

-- TEST
select is(
  cc_private.sweep(),
  '{"expired_turns": 0, "expired_sends": 0, "failed_dispatches": 0, "dispatched": 0, "alerts": 0}',
  'an idle sweep finds nothing'
);
select set_eq('select * from pg_temp.writes()', 'select * from before', 'and writes nothing');
select cmp_ok(
  (select beat_at from cc_private.heartbeats where name = 'sweep'), '>', now(),
  'but that it ran'
);

select * from finish();
rollback;
