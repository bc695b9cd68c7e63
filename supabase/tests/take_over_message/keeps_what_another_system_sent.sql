begin;
select plan(5);

-- SETUP
select tests.receive('Open?');

-- TEST
select is(tests.take_over('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), 'taken_over', 'it was unknown');
select is(tests.take_over('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), 'known', 'and is known then');
select results_eq(
  $$ select seq, send_state, turn_id, delivery_status from tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') $$,
  $$ values (2::bigint, 'handed_over', null::uuid, 'delivered') $$,
  'nobody has to send it, and no turn wrote it'
);
select is(public.claim_send(tests.conversation()) ->> 'outcome', 'nothing_ready', 'nobody sends it');
select is(
  tests.claim() #>> '{history, 0, text}', 'Until six.', 'the agent knows what was said'
);

select * from finish();
rollback;
