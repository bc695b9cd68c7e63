begin;
select plan(3);

-- SETUP
select tests.receive('Question one');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, array['Answer one']);
select tests.receive('Question two');
create temp table claim as select tests.claim() as answer;

-- TEST
select results_eq(
  $$
    select message ->> 'direction', message ->> 'text'
    from claim, jsonb_array_elements(answer -> 'history') as message
  $$,
  $$ values ('inbound', 'Question one'), ('outbound', 'Answer one') $$,
  'what was said before, in order'
);
select is(
  (select jsonb_array_length(answer -> 'messages') from claim),
  1,
  'the messages to be answered are not among it'
);
update public.cc_settings set history_messages = 1 where id;
select tests.expire_leases();
select public.claim_turn(tests.conversation());
select results_eq(
  $$
    select message ->> 'text'
    from (select tests.claim() as answer) as again, jsonb_array_elements(answer -> 'history') as message
  $$,
  $$ values ('Answer one') $$,
  'of which the newest are given, as many as the settings say'
);

select * from finish();
rollback;
