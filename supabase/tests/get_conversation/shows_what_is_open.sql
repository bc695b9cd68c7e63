begin;
select plan(6);

-- SETUP
select tests.orchestrator();
select tests.receive('One', name => 'Maria Keller');
create temp table dead as select tests.kill_turn() as id;
select tests.receive('Two');
create function pg_temp.found() returns jsonb language sql
as $$ select public.get_conversation(tests.conversation()) $$;

-- TEST
select is(
  public.get_conversation('00000000-0000-4000-8000-000000000000'), '{"outcome": "not_found"}', 'not everything is there'
);
select is(pg_temp.found() ->> 'outcome', 'found', 'this is');
select is(pg_temp.found() -> 'open_turns' -> 0 ->> 'state', 'pending', 'its waiting turn');
select is((pg_temp.found() -> 'dead_turns' -> 0 ->> 'id')::uuid, (select id from dead), 'its dead turn');
select ok(pg_temp.found()::text !~ 'Maria|150055501', 'masked');
select ok(
  public.get_conversation(tests.conversation(), true)::text ~ 'Maria Keller', 'until it is asked for'
);

select * from finish();
rollback;
