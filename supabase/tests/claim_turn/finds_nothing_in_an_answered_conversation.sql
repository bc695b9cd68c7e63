begin;
select plan(2);

-- SETUP
select tests.reply('Hi');

-- TEST
select is(
  public.claim_turn(tests.conversation()),
  '{"outcome": "nothing_pending"}',
  'nothing is pending after the answer'
);
select is(
  public.claim_turn('00000000-0000-4000-8000-000000000000'),
  '{"outcome": "nothing_pending"}',
  'nor in a conversation that is not there'
);

select * from finish();
rollback;
