begin;
select plan(4);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'postponed', error_code => '20429');
update public.cc_messages set send_due_at = clock_timestamp() where id = (tests.outbound(1)).id;
select public.claim_send(tests.conversation());

-- TEST
select results_eq(
  $$
    select public.record_send((tests.outbound(1)).id, 1, outcome, error_code => 'late')
    from unnest(array['refused', 'postponed', 'uncertain']) as outcome
  $$,
  $$ select '{"outcome": "lease_lost"}'::jsonb from generate_series(1, 3) $$,
  'a sender whose lease is gone decides nothing'
);
select results_eq(
  $$ select send_state, send_attempt from tests.outbound(1) $$,
  $$ values ('sending', 2) $$,
  'the message stays with the newer one'
);
select public.record_send((tests.outbound(1)).id, 2, 'uncertain', error_code => 'timed_out');
select is(
  public.record_send((tests.outbound(1)).id, 2, 'refused', error_code => 'late'),
  '{"outcome": "lease_lost"}',
  'who may speak once'
);
select is(
  public.record_send('00000000-0000-4000-8000-000000000000', 1, 'refused', error_code => 'late'),
  '{"outcome": "lease_lost"}',
  'of a message that is not there nothing can be said'
);

select * from finish();
rollback;
