begin;
select plan(3);

-- SETUP
select tests.alerts();
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');

-- TEST
select is(
  public.record_delivery_status('SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'delivered', (tests.outbound(1)).id),
  '{"outcome": "doubled"}', 'Twilio has the message twice'
);
select results_eq(
  $$ select provider_message_id, delivery_status from tests.outbound(1) $$,
  $$ values ('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued') $$, 'ours keeps the first id and its status'
);
select alike(
  tests.alert('message_doubled'),
  '%SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb%', 'an alert names both'
);

select * from finish();
rollback;
