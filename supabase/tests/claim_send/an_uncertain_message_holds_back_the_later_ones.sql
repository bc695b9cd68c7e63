begin;
select plan(2);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out');

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "uncertain"}',
  'what is uncertain is never blindly sent again, and nothing overtakes it'
);
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select is(
  public.claim_send(tests.conversation()) ->> 'body_text',
  'Second',
  'once it is settled the next one leaves'
);

select * from finish();
rollback;
