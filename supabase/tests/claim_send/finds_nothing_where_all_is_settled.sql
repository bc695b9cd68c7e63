begin;
select plan(2);

-- SETUP
select tests.receive('Hello');

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "nothing_ready"}',
  'an inbound message is not sent'
);
select is(
  public.claim_send('00000000-0000-4000-8000-000000000000'),
  '{"outcome": "nothing_ready"}',
  'nothing is ready in a conversation that is not there'
);

select * from finish();
rollback;
