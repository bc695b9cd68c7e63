begin;
select plan(2);

-- SETUP
select tests.receive('Hello');

-- TEST
select throws_ok(
  $$ truncate public.cc_audit_logs $$,
  'SB001',
  'Cannot truncate cc_audit_logs: the audit is append-only',
  'the audit knows no truncate, whoever asks'
);
select is(cardinality(tests.events()), 3, 'every event stays');

select * from finish();
rollback;
