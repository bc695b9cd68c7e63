begin;
select plan(3);

-- TEST
select results_eq(
  $$ select schedule, command, active from cron.job where jobname = 'switchboard-sweep' $$,
  $$ values ('10 seconds', 'select cc_private.sweep()', true) $$,
  'pg_cron runs it'
);
select results_eq(
  $$ select command, active from cron.job where jobname = 'switchboard-trim' $$,
  $$ values ('select cc_private.trim_run_details()', true) $$,
  'and, now and then, forgets that it did'
);
select results_eq(
  $$ select schedule, command, active from cron.job where jobname = 'switchboard-sync' $$,
  $$ values ('*/2 * * * *', 'select cc_private.ring_reading()', true) $$,
  'what no webhook brought is looked for every two minutes'
);

select * from finish();
rollback;
