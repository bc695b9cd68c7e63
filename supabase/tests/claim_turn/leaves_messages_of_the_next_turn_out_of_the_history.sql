begin;
select plan(2);

-- SETUP
select tests.receive('One');
select tests.claim();
select tests.receive('Two, sent during work');
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');
create temp table claim as select tests.claim() as answer;

-- TEST
select is(
  (select answer -> 'messages' -> 0 ->> 'text' from claim), 'One',
  'the turn is tried again with what it was claimed with'
);
select is(
  (select answer -> 'history' from claim), '[]',
  'what the customer wrote since is no history: the next turn answers it'
);

select * from finish();
rollback;
