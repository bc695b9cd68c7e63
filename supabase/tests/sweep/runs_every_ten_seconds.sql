begin;
select plan(1);

-- TEST
select results_eq(
  $$ select schedule, command, active from cron.job where jobname = 'switchboard-sweep' $$,
  $$ values ('10 seconds', 'select cc_private.sweep()', true) $$,
  'pg_cron runs it'
);

select * from finish();
rollback;
