begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');

-- TEST
select is(
  public.record_delivery_status(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'undelivered',
    error_code => '63016', error_message => 'Not to ' || tests.customer()
  ),
  '{"outcome": "recorded"}', 'the message did not arrive'
);
select results_eq(
  $$ select delivery_status, error_code, error_message, send_state from tests.outbound(1) $$,
  $$ values ('undelivered', '63016', 'Not to ' || tests.customer(), 'handed_over') $$,
  'why is kept for the operator; it is not sent again'
);
select results_eq(
  $$
    select actor_type, message_id, success, error_code, error_message, output_redacted
    from tests.event('delivery_status_changed')
  $$,
  $$
    select 'provider', id, false, '63016', null,
      jsonb_build_object('seq', seq, 'delivery_status', 'undelivered')
    from tests.outbound(1)
  $$,
  'the record has the code alone'
);

select * from finish();
rollback;
