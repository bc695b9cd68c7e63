begin;
select plan(2);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());

-- TEST
select throws_ok(
  $$ select public.record_send((tests.outbound(1)).id, 1, 'handed_over') $$,
  '23514', null, 'Twilio has no message without an id'
);
select is((tests.outbound(1)).send_state, 'sending', 'the message stays with its sender');

select * from finish();
rollback;
