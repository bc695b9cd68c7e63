begin;
select plan(1);

-- TEST
select results_eq(
  $$ select schedule, command, active from cron.job where jobname = 'switchboard-remove' $$,
  $$ values ('* * * * *', 'select cc_private.remove_expired()', true) $$,
  'the removal is scheduled'
);

select * from finish();
rollback;
