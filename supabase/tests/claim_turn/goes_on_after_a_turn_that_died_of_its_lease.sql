begin;
select plan(3);

-- SETUP
update public.cc_settings set max_failures = 1, hand_over_dead_turns = false where id;
select tests.receive('One');
select tests.claim();
select tests.receive('Two');
select tests.due();
select tests.expire_leases();
create temp table claim as select public.claim_turn(tests.conversation()) as answer;

-- TEST
select is((tests.turn('dead')).last_error_code, 'lease_expired', 'the last failure kills the turn');
select is((tests.outbound(1)).body_json, '{"kind": "fallback"}', 'its customer gets the fallback');
select results_eq(
  $$ select message ->> 'text' from claim, jsonb_array_elements(answer -> 'messages') as message $$,
  $$ values ('Two') $$,
  'and the same call hands out the next turn'
);

select * from finish();
rollback;
