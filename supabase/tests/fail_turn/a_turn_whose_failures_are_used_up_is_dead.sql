begin;
select plan(4);

-- SETUP
update public.cc_settings set max_failures = 2, fallback_text = 'A person will answer.' where id;
select tests.receive('Hello');
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');
select tests.claim();
create temp table answer as
select public.fail_turn((tests.turn('running')).id, 2, 'model_down') as outcome;

-- TEST
select is((select outcome from answer), '{"outcome": "dead"}', 'the last failure is the end');
select results_eq(
  $$ select failure_count, due_at, lease_until, finished_at >= created_at from tests.turn('dead') $$,
  $$ values (2, null::timestamptz, null::timestamptz, true) $$,
  'the turn is finished'
);
select results_eq(
  $$
    select body_text, body_json ->> 'kind', send_state, turn_id
    from public.cc_messages
    where conversation_id = tests.conversation() and direction = 'outbound'
  $$,
  $$ values ('A person will answer.', 'fallback', 'ready', (tests.turn('dead')).id) $$,
  'its customer gets the fallback text, once'
);
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome',
  'nothing_pending',
  'and nobody tries again'
);

select * from finish();
rollback;
