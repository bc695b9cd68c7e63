begin;
select plan(3);

-- SETUP
select tests.receive('One');
select tests.claim();
select tests.receive('Two');
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');

-- TEST
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome',
  'not_due',
  'the pending turn waits while the earlier one waits to be tried again'
);
create temp table claim as select tests.claim() as answer;
select is(
  (select answer ->> 'attempt' from claim), '2',
  'the retrying turn is claimed, as its second attempt'
);
select results_eq(
  $$ select message ->> 'text' from claim, jsonb_array_elements(answer -> 'messages') as message $$,
  $$ values ('One') $$,
  'with its own message alone'
);

select * from finish();
rollback;
