begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select tests.expire_leases();

-- TEST
select is(
  cc_private.expire_turn_leases(), 1, 'the worker did not come back: that is one failure'
);
select results_eq(
  $$
    select failure_count, lease_until, last_error_code, due_at > clock_timestamp()
    from tests.turn('retrying')
  $$,
  $$ values (1, null::timestamptz, 'lease_expired', true) $$,
  'the turn is tried again later'
);
select results_eq(
  $$ select success, error_code from tests.event('turn_failed') $$,
  $$ values (false, 'lease_expired') $$,
  'the record says why'
);
select is(cc_private.expire_turn_leases(), 0, 'the next sweep finds nothing');

select * from finish();
rollback;
