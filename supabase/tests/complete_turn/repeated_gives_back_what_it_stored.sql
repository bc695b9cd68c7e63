begin;
select plan(3);

-- SETUP
select tests.receive('Hello');
select tests.claim();
create temp table first as
select public.complete_turn((tests.turn('running')).id, 1, array['Hi']) as outcome;

-- TEST
select is(
  public.complete_turn((tests.turn('answered')).id, 1, array['Another text']),
  (select outcome from first),
  'the repeat gets the first answer, whatever it brings'
);
select results_eq(
  $$
    select body_text
    from public.cc_messages
    where conversation_id = tests.conversation() and direction = 'outbound'
  $$,
  $$ values ('Hi') $$,
  'and stores nothing'
);
select is(
  (select count(*) from unnest(tests.events()) as event where event = 'turn_answered'),
  1::bigint,
  'nor does it record anything'
);

select * from finish();
rollback;
