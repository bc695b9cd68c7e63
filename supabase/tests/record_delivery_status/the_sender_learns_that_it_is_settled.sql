begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'sent', (tests.outbound(1)).id);

-- TEST
select is(
  public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued'),
  '{"outcome": "already_recorded"}', 'the callback was faster'
);
select is(
  public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out'),
  '{"outcome": "lease_lost"}', 'a time-out puts nothing in doubt that Twilio has told'
);
select is(
  (select count(*) from unnest(tests.events()) as event where event = 'reply_sent'), 1::bigint,
  'it was sent once'
);

select * from finish();
rollback;
