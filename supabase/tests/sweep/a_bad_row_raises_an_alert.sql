begin;
select plan(2);

-- SETUP
select tests.alerts();
select cc_private.report_sweep_error('dispatch_due', '00000000-0000-4000-8000-000000000001', 'XX000');

-- TEST
select is(
  tests.alert('sweep_failed'),
  'the sweep could not dispatch due for 00000000-0000-4000-8000-000000000001 (XX000)',
  'the operator hears of it'
);
select results_eq(
  $$ select step, error_code, happened_at > now() - interval '1 minute' from cc_private.sweep_errors $$,
  $$ values ('dispatch_due', 'XX000', true) $$,
  'and finds it'
);

select * from finish();
rollback;
