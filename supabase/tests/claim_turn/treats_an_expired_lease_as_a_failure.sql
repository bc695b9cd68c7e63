begin;
select plan(4);

-- SETUP
select tests.receive('One');
select tests.claim();
select tests.expire_leases();

-- TEST
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome',
  'not_due',
  'the turn is not claimable at once: its failure has to wait like any other'
);
select results_eq(
  $$ select failure_count, attempt, last_error_code, lease_until from tests.turn('retrying') $$,
  $$ values (1, 1, 'lease_expired', null::timestamptz) $$,
  'it is retrying, with one failure'
);
select is(
  (tests.event('turn_failed')).error_code,
  'lease_expired',
  'the record says why'
);
select is(tests.claim() ->> 'attempt', '2', 'then the next worker gets it as the next attempt');

select * from finish();
rollback;
