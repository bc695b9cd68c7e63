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
select is(
  public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'),
  '{"outcome": "lease_lost"}',
  'nor does another id'
);
select results_eq(
  $$ select provider_message_id, delivery_status from tests.outbound(1) $$,
  $$ values ('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued') $$,
  'the message keeps the first one'
);

select * from finish();
rollback;
