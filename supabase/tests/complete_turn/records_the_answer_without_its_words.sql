begin;
select plan(2);

-- SETUP
select tests.reply('Hello', 'Ana');

-- TEST
select results_eq(
  $$ select actor_type, success, input_redacted, output_redacted from tests.event('turn_answered') $$,
  $$
    select 'agent', true, '{}'::jsonb, jsonb_build_object(
      'turn_id', (tests.turn('answered')).id, 'attempt', 1, 'part_count', 2, 'body_length', 8
    )
  $$,
  'how many parts, how long'
);
select tests.receive('Thanks!');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, silent_reason => 'nothing_to_say');
select is(
  (tests.event('turn_answered')).output_redacted ->> 'reason',
  'nothing_to_say',
  'or why there is none'
);

select * from finish();
rollback;
