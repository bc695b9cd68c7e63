begin;
select plan(2);

-- SETUP
-- Each claim asks for the turns of the last minute: it must not read those of all the years before.
select tests.receive('Hello');
insert into public.cc_turns (conversation_id, state, created_at, claimed_at, finished_at)
select tests.conversation(), 'answered', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day'
from generate_series(1, 2000);
analyze public.cc_turns;
create function pg_temp.turns_read() returns bigint language sql
as $$
  select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relid = 'public.cc_turns'::regclass
$$;
select tests.due();
create temp table before as select pg_temp.turns_read() as turns;

-- TEST
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome', 'claimed', 'a turn is claimed'
);
select cmp_ok(
  pg_temp.turns_read() - (select turns from before), '<', 100::bigint, 'and few others are looked at'
);

select * from finish();
rollback;
