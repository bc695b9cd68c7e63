begin;
select plan(3);

-- SETUP
select tests.receive();
select tests.claim();
update public.cc_turns set claimed_at = clock_timestamp() - interval '1 minute'
where id = (tests.turn('running')).id;
select public.complete_turn((tests.turn('running')).id, 1, array['Hello', 'Ana']);

-- TEST
select results_eq(
  $$
    select actor_type, success, input_redacted, output_redacted - 'worked_ms'
    from tests.event('turn_answered')
  $$,
  $$
    select 'agent', true, '{}'::jsonb, jsonb_build_object(
      'turn_id', (tests.turn('answered')).id, 'attempt', 1, 'part_count', 2, 'body_length', 8
    )
  $$,
  'how many parts, how long'
);
select is(
  ((tests.event('turn_answered')).output_redacted ->> 'worked_ms')::integer between 60000 and 90000,
  true,
  'and how long the work took'
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
