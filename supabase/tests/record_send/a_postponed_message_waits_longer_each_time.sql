begin;
select plan(4);

-- SETUP
update public.cc_settings set backoff_base_ms = 10000, backoff_max_ms = 300000 where id;
select tests.reply('Hi');
select public.claim_send(tests.conversation());

-- TEST
select is(
  public.record_send(
    (tests.outbound(1)).id, 1, 'postponed',
    error_code => '20429', error_message => 'Too many requests'
  ),
  '{"outcome": "recorded"}',
  'Twilio said later'
);
select results_eq(
  $$ select send_state, send_lease_until, error_code, error_message from tests.outbound(1) $$,
  $$ values ('ready', null::timestamptz, '20429', 'Too many requests') $$,
  'the message waits'
);
select ok(
  (tests.outbound(1)).send_due_at - clock_timestamp() between interval '7 seconds' and interval '12 seconds',
  'as long as after one failure'
);
update public.cc_messages set send_due_at = clock_timestamp() where id = (tests.outbound(1)).id;
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 2, 'postponed', error_code => '20429');
select ok(
  (tests.outbound(1)).send_due_at - clock_timestamp() between interval '15 seconds' and interval '24 seconds',
  'then twice as long'
);

select * from finish();
rollback;
