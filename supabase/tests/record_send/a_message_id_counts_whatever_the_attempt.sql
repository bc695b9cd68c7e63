begin;
select plan(3);

-- SETUP
select tests.reply('First', 'Second', 'Third');

-- TEST
select public.claim_send(tests.conversation());
select tests.expire_leases();
select public.claim_send(tests.conversation());
select is(
  public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid()),
  '{"outcome": "recorded"}',
  'it settles a message that had become uncertain'
);
select public.claim_send(tests.conversation());
select is(
  public.record_send((tests.outbound(2)).id, 7, 'handed_over', tests.next_sid()),
  '{"outcome": "recorded"}',
  'it comes with any attempt'
);
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(3)).id, 1, 'postponed', error_code => '20429');
select is(
  public.record_send((tests.outbound(3)).id, 1, 'handed_over', tests.next_sid()),
  '{"outcome": "recorded"}',
  'it keeps a message that waits from being sent again'
);

select * from finish();
rollback;
