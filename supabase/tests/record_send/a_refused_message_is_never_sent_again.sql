begin;
select plan(4);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());

-- TEST
select is(
  public.record_send(
    (tests.outbound(1)).id, 1, 'refused', error_code => '21211', error_message => 'The recipient unsubscribed'
  ),
  '{"outcome": "recorded"}',
  'Twilio said no, for good'
);
select results_eq(
  $$ select send_state, send_lease_until, send_due_at, error_code, error_message from tests.outbound(1) $$,
  $$ values ('refused', null::timestamptz, null::timestamptz, '21211', 'The recipient unsubscribed') $$,
  'the message keeps Twilio''s reason for the operator'
);
select results_eq(
  $$ select message_id, success, error_code, error_message from tests.event('reply_refused') $$,
  $$ values ((tests.outbound(1)).id, false, '21211', null) $$,
  'the record has the code alone'
);
select is(
  public.claim_send(tests.conversation()) ->> 'body_text',
  'Second',
  'the next one leaves'
);

select * from finish();
rollback;
