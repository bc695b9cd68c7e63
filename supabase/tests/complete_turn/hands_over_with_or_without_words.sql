begin;
select plan(6);

-- SETUP
select tests.orchestrator();
select tests.receive('A person, please');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;

-- TEST
select throws_ok(
  $$ select public.complete_turn((select id from turn), 1, silent_reason => 'a', hand_over_reason => 'b') $$,
  'SB003', null, 'silence for another reason is no hand-over'
);
create temp table completion as
select public.complete_turn((select id from turn), 1, hand_over_reason => 'asked') as answer;
select is(
  (select answer from completion),
  jsonb_build_object('outcome', 'silent', 'message_ids', jsonb_build_array((tests.outbound(1)).id)),
  'without words the setting''s text is stored'
);
select is((tests.outbound(1)).body_json, '{"kind": "hand_over"}', 'as what it is');
select is(
  public.complete_turn((select id from turn), 1, array['Later']) -> 'message_ids',
  jsonb_build_array((tests.outbound(1)).id), 'a repeat gives back the same'
);
select public.hand_back(tests.conversation());
select tests.claim();
select is(
  public.complete_turn((tests.turn('running')).id, 1, array['One', 'Two'], hand_over_reason => 'asked') ->> 'outcome',
  'silent', 'with words those are stored'
);
select is((tests.outbound(3)).body_text, 'Two', 'all of them');

select * from finish();
rollback;
