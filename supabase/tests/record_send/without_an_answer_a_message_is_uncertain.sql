begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
create temp table claimed as select * from tests.outbound(1);

-- TEST
select is(
  public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out'),
  '{"outcome": "recorded"}',
  'Twilio did not answer'
);
select results_eq(
  $$ select send_state, send_lease_until, error_code from tests.outbound(1) $$,
  $$ select 'uncertain', send_lease_until, 'timed_out' from claimed $$,
  'the message is uncertain, and its lease is kept: only after it the POST cannot begin any more'
);
select is(
  (tests.event('reply_uncertain')).error_code, 'timed_out',
  'and the record says why'
);

select * from finish();
rollback;
