begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');

-- TEST
select is(
  public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'sent'),
  '{"outcome": "already_recorded"}',
  'the same id again changes nothing'
);
select results_eq(
  $$ select provider_message_id, delivery_status from tests.outbound(1) $$,
  $$ values ('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued') $$,
  'the message keeps what the first said'
);

select is(
  (select count(*) from unnest(tests.events()) as event where event = 'reply_sent'),
  1::bigint,
  'it is recorded once'
);

select * from finish();
rollback;
