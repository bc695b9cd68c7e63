begin;
select plan(3);

-- SETUP
select tests.reply('First');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
select tests.receive('STOP');
select public.claim_send(tests.conversation());

-- TEST
select is(
  public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'undelivered', error_code => '21610'),
  '{"outcome": "recorded"}', 'Twilio''s 21610 after STOP is recorded as what became of the message'
);
select is(
  public.record_send((tests.outbound(2)).id, 1, 'refused', error_code => '21610'),
  '{"outcome": "recorded"}', 'and so is a confirmation that Twilio does not take'
);
select is(
  (
    select count(*) from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type = 'customer_opted_out'
  ),
  1::bigint, 'but the customer was opted out already'
);

select * from finish();
rollback;
