begin;
select plan(3);

-- SETUP
update public.cc_settings set debounce_ms = 3000, debounce_max_ms = 5000 where id;
select tests.receive('One');
create temp table claim as select public.claim_turn(tests.conversation()) as answer;

-- TEST
select is((select answer ->> 'outcome' from claim), 'not_due', 'a turn that is not due is not claimed');
select ok(
  (select (answer ->> 'due_in_ms')::numeric between 1 and 3000 from claim),
  'the answer says how long that is, in milliseconds'
);
select is((tests.turn('pending')).attempt, 0, 'and the turn stays as it is');

select * from finish();
rollback;
