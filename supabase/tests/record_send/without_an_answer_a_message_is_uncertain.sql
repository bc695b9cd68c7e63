begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());

-- TEST
select is(
  public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out'),
  '{"outcome": "recorded"}',
  'Twilio did not answer'
);
select results_eq(
  $$ select send_state, send_lease_until, error_code from tests.outbound(1) $$,
  $$ values ('uncertain', null::timestamptz, 'timed_out') $$,
  'the message is uncertain'
);
select is(
  (tests.event('reply_uncertain')).error_code, 'timed_out',
  'and the record says why'
);

select * from finish();
rollback;
