begin;
select plan(4);

-- SETUP
select tests.reply('From the first conversation');
create temp table earlier as select * from tests.outbound(1);
select public.claim_send(tests.conversation());
select tests.close();
select tests.reply('From the second conversation');

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "busy"}',
  'another conversation''s message to the address is on its way'
);
select results_eq(
  $$ select send_state, send_attempt, send_lease_until from tests.outbound(1) $$,
  $$ values ('ready', 0, null::timestamptz) $$,
  'this one stays as it was'
);
select public.record_send((select id from earlier), 1, 'uncertain', error_code => 'timed_out');
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "busy"}',
  'it waits while the other one is uncertain'
);
select public.record_send((select id from earlier), 1, 'handed_over', tests.next_sid());
select is(
  public.claim_send(tests.conversation()) ->> 'outcome',
  'claimed',
  'and leaves when the other one is settled'
);

select * from finish();
rollback;
