begin;
select plan(2);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.receive('One');
select tests.claim();
select tests.receive('Two');
select public.fail_turn((tests.turn('running')).id, 1, 'content_refused', is_final => true);
create temp table claim as select tests.claim() as answer;

-- TEST
select is(
  (select answer -> 'messages' -> 0 ->> 'text' from claim), 'Two',
  'the message that came during work is answered'
);
select results_eq(
  $$ select message ->> 'text' from claim, jsonb_array_elements(answer -> 'history') as message $$,
  $$ select unnest(array['One', fallback_text]) from public.cc_settings $$,
  'by an agent who sees what the customer was told'
);

select * from finish();
rollback;
