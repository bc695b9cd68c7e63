begin;
select plan(3);

-- SETUP
select tests.receive_media();

-- TEST
select is(tests.record_media(tests.claim_media(), 'failed', 'too_large'), 'failed', 'it is given up');
select results_eq(
  'select state, failure_count, error_code from public.cc_media',
  $$ values ('failed', 1, 'too_large') $$, 'and says why'
);
select throws_ok(
  $$
    select tests.receive_media();
    select tests.record_media(tests.claim_media(), 'eaten');
  $$,
  'SB003', null, 'an unknown outcome is an error'
);

select * from finish();
rollback;
