begin;
select plan(3);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.receive('One');
select tests.kill_turn();
select tests.receive('Two');
select tests.kill_turn();
create function pg_temp.dead() returns jsonb language sql
as $$
  select coalesce(jsonb_agg(conversation), '[]')
  from jsonb_array_elements(public.list_conversations('dead') -> 'conversations') as conversation
  where conversation ->> 'id' = tests.conversation()::text
$$;

-- TEST
select is(jsonb_array_length(pg_temp.dead()), 1, 'a conversation with two dead turns is listed once');
select is(pg_temp.dead() -> 0 -> 'has_dead_turn', 'true', 'and says so');
select public.replay_turn(turn.id) from public.cc_turns as turn
where turn.conversation_id = tests.conversation() and turn.state = 'dead';
select is(pg_temp.dead(), '[]', 'replayed it is gone from there');

select * from finish();
rollback;
