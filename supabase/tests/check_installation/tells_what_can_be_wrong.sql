begin;
select plan(8);

-- SETUP
select public.record_probe('SM00000000000000000123456789abcdef', 'signature of a probe');
select cron.alter_job(jobid, active => false) from cron.job where jobname = 'switchboard-sync';
insert into cron.job_run_details (jobid, runid, status, start_time)
select jobid, -1, 'succeeded', timestamptz '2026-01-01 10:00Z' from cron.job where jobname = 'switchboard-trim'
union all
select jobid, -2, 'failed', timestamptz '2026-01-01 09:00Z' from cron.job where jobname = 'switchboard-trim';
update public.cc_settings set business_addresses = '{whatsapp:+15005550100}', opt_out_text = null where id;
drop schema if exists supabase_migrations cascade;
insert into net._http_response (id, status_code, created) values (-7, 404, clock_timestamp());
create temp table answer as
select public.check_installation('salt', 'SM00000000000000000123456789abcdef', -7) as told;

-- TEST
select is(
  (select array_agg(name order by name) from answer, jsonb_each(told -> 'extensions') as known (name, version)
   where version <> 'null'),
  array['pg_cron', 'pg_net', 'pgcrypto', 'supabase_vault'], 'every extension is there'
);
select is((
  select job ->> 'is_active' from answer, jsonb_array_elements(told -> 'jobs') as job
  where job ->> 'name' = 'switchboard-sync'
), 'false', 'a schedule that was switched off');
select is((
  select (job ->> 'last_started_at')::timestamptz from answer, jsonb_array_elements(told -> 'jobs') as job
  where job ->> 'name' = 'switchboard-trim'
), '2026-01-01 10:00Z', 'the last run of a schedule');
select is((select told -> 'migrations' from answer), 'null', 'what cannot be told is null');
select is(
  (select (told -> 'settings') - '{opt_out_keyword_count, opt_in_keyword_count}'::text[] from answer),
  '{"business_addresses": ["whatsapp:+15005550100"], "tells_opt_out": false, "retention_days": null, "has_template": false}',
  'the settings that are forgotten'
);
select ok((select told ->> 'probe_received_at' is not null from answer), 'the probe came through');
select is((select told #>> '{alert_answer, status_code}' from answer), '404', 'what the alert was answered');
select ok(
  (select (told ->> 'checked_at')::timestamptz > now() - interval '1 minute' from answer), 'its clock'
);

select * from finish();
rollback;
