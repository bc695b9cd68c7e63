-- What `deno task doctor` has to know of the database. Secrets are compared by salted digests, so that
-- none leaves the database.

create function cc_private.secret_digests(salt text)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  select jsonb_object_agg(
    needed.name, encode(sha256(convert_to(secret_digests.salt || stored.decrypted_secret, 'UTF8')), 'hex')
  )
  from unnest(array[
    'orchestrator_url', 'orchestrator_key', 'sync_url', 'sync_key', 'media_url', 'media_key',
    'erasure_key', 'alert_url'
  ]) as needed (name)
  left join vault.decrypted_secrets as stored
    on stored.name = needed.name and stored.decrypted_secret <> ''
$$;

comment on function cc_private.secret_digests(text) is 'Of each secret that we need in Vault the SHA-256 of the salt and it, in hex; null where there is none.';
revoke all on function cc_private.secret_digests(text) from public, anon, authenticated, service_role;

create function cc_private.installed_extensions()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_object_agg(needed.name, installed.extversion)
  from unnest(array['pg_net', 'pg_cron', 'supabase_vault', 'pgcrypto']) as needed (name)
  left join pg_catalog.pg_extension as installed on installed.extname = needed.name
$$;

comment on function cc_private.installed_extensions() is 'The version of each extension that we need; null where it is not installed.';
revoke all on function cc_private.installed_extensions() from public, anon, authenticated, service_role;

create function cc_private.job_runs()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'name', job.jobname, 'schedule', job.schedule, 'is_active', job.active,
    'last_started_at', run.start_time, 'last_status', run.status
  ) order by job.jobname), '[]')
  from cron.job as job
  left join lateral (
    select details.start_time, details.status
    from cron.job_run_details as details
    where details.jobid = job.jobid and details.status in ('succeeded', 'failed')
    order by details.runid desc
    limit 1
  ) as run on true
  where job.jobname like 'switchboard-%'
$$;

comment on function cc_private.job_runs() is 'Each schedule of ours, and how its last run ended; null where it has not run, or not within a day.';
revoke all on function cc_private.job_runs() from public, anon, authenticated, service_role;

create function cc_private.applied_migrations()
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  versions jsonb;
begin
  -- The CLI's own table: whoever migrates by other means has none.
  if to_regclass('supabase_migrations.schema_migrations') is null then
    return null;
  end if;
  execute 'select jsonb_agg(version order by version) from supabase_migrations.schema_migrations'
    into versions;
  return coalesce(versions, '[]');
exception when insufficient_privilege then
  return null;
end;
$$;

comment on function cc_private.applied_migrations() is 'The versions that the Supabase CLI has applied; null where that cannot be told.';
revoke all on function cc_private.applied_migrations() from public, anon, authenticated, service_role;

create function cc_private.alert_answer(request_id bigint)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  select jsonb_build_object(
    'status_code', answer.status_code,
    'error_code', case
      when answer.status_code is not null then null
      when answer.timed_out then 'timeout'
      else 'no_connection'
    end
  )
  from net._http_response as answer
  where answer.id = alert_answer.request_id
    and answer.created > statement_timestamp() - interval '5 minutes'
$$;

comment on function cc_private.alert_answer(bigint) is 'What the receiver of alerts answered; null while it has not.';
revoke all on function cc_private.alert_answer(bigint) from public, anon, authenticated, service_role;

create function public.check_installation(
  salt text,
  probe_sid text default null,
  alert_request_id bigint default null
)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select jsonb_build_object(
    'checked_at', clock_timestamp(),
    'extensions', cc_private.installed_extensions(),
    'migrations', cc_private.applied_migrations(),
    'secrets', cc_private.secret_digests(salt),
    'jobs', cc_private.job_runs(),
    'swept_at', (
      select heartbeat.beat_at from cc_private.heartbeats as heartbeat where heartbeat.name = 'sweep'
    ),
    'settings', (
      select jsonb_build_object(
        'business_addresses', settings.business_addresses,
        'opt_out_keyword_count', cardinality(settings.opt_out_keywords),
        'opt_in_keyword_count', cardinality(settings.opt_in_keywords),
        'tells_opt_out', settings.opt_out_text is not null,
        'retention_days', settings.retention_days,
        'has_template', settings.outside_window_content_sid is not null
      )
      from public.cc_settings as settings
    ),
    'probe_received_at', (
      select probe.received_at from cc_private.probes as probe where probe.message_sid = probe_sid
    ),
    'alert_answer', cc_private.alert_answer(alert_request_id)
  )
$$;

comment on function public.check_installation(text, text, bigint) is 'What can be wrong with an installation: extensions, migrations, salted digests of the secrets, schedules, settings, clock; and what became of a probe and of a test alert. Definer: callers have no grant on any table.';
revoke all on function public.check_installation(text, text, bigint) from public, anon, authenticated;
grant execute on function public.check_installation(text, text, bigint) to service_role;

create function public.send_test_alert()
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
begin
  -- Not by raise_alert: no cool-down may hide it, and the sweep must not take away its answer.
  return jsonb_build_object('outcome', 'sent', 'request_id', net.http_post(
    url => cc_private.vault_secret('alert_url'),
    body => '{"text": "Switchboard: this is a test alert, nothing is wrong", "kind": "test"}',
    timeout_milliseconds => 5000
  ));
exception when others then
  return jsonb_build_object('outcome', 'failed', 'error_code', sqlstate);
end;
$$;

comment on function public.send_test_alert() is 'Posts an alert that says it is a test: outcome sent, with the request whose answer check_installation tells, or failed. Definer: callers have no grant on any table.';
revoke all on function public.send_test_alert() from public, anon, authenticated;
grant execute on function public.send_test_alert() to service_role;
