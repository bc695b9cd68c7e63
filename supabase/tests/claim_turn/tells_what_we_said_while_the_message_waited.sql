begin;
select plan(2);

-- SETUP
select tests.receive('One');
select tests.claim();
select tests.receive('Two, sent during work');
select public.complete_turn((tests.turn('running')).id, 1, array['Answer to one']);
create temp table claim as select tests.claim() as answer;

-- TEST
select is(
  (select answer -> 'messages' -> 0 ->> 'text' from claim), 'Two, sent during work',
  'the next turn has the message that came during work'
);
select results_eq(
  $$
    select (message ->> 'seq')::integer, message ->> 'text'
    from claim, jsonb_array_elements(answer -> 'history') as message
  $$,
  $$ values (1, 'One'), (3, 'Answer to one') $$,
  'and its history the answer that was written after it'
);

select * from finish();
rollback;
