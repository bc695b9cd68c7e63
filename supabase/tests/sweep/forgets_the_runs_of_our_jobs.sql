begin;
select plan(2);

-- SETUP
select cron.schedule('another-job', '0 * * * *', 'select 1');
delete from cron.job_run_details where runid is not null;
insert into cron.job_run_details (runid, jobid, database, username, end_time)
select 1000000 + job.jobid * 10 + run.number, job.jobid, current_database(), current_user, run.ended_at
from cron.job as job, (values
  (1, now() - interval '25 hours'), (2, now() - interval '23 hours'), (3, null)
) as run (number, ended_at)
where job.jobname in ('switchboard-sweep', 'another-job');

-- TEST
select cc_private.trim_run_details();
select set_eq(
  $$
    select details.runid % 10
    from cron.job_run_details as details join cron.job as job on job.jobid = details.jobid
    where job.jobname = 'switchboard-sweep'
  $$,
  'values (2), (3)', 'those that are a day old'
);
select is(
  (
    select count(*)
    from cron.job_run_details as details join cron.job as job on job.jobid = details.jobid
    where job.jobname = 'another-job'
  ),
  3::bigint, 'other jobs keep theirs'
);

select * from finish();
rollback;
