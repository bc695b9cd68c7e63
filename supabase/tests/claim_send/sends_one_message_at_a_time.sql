begin;
select plan(3);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "busy"}',
  'while a message is in sending, no other leaves'
);
select is((tests.outbound(1)).send_attempt, 1, 'the one in sending keeps its attempt');
select is((tests.outbound(2)).send_state, 'ready', 'the later one waits');

select * from finish();
rollback;
