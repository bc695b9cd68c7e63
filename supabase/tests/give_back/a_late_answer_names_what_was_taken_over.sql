begin;
select plan(5);

-- SETUP
create temp table owner as select tests.take_over_own_send('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Hi') as claim;
select tests.alerts();

-- TEST
select is(
  (select public.record_send(
    (claim ->> 'message_id')::uuid, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued'
  ) from owner),
  '{"outcome": "recorded"}', 'the sender knows its message'
);
select results_eq(
  $$ select send_state, provider_message_id from tests.outbound(1) $$,
  $$ values ('handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') $$, 'it is ours'
);
select results_eq(
  $$ select send_state, provider_message_id, error_code, seq from tests.outbound(2) $$,
  $$ values ('refused', null, 'owner_found', 3::bigint) $$, 'the other row gives it back and stays where it was'
);
select is((tests.event('message_given_back')).output_redacted ->> 'seq', '3', 'which is on record');
select is(tests.alert('message_doubled'), null, 'nothing was doubled');

select * from finish();
rollback;
