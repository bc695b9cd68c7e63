-- The sweep itself, and the schedule that runs it.

create table cc_private.sweep_errors (
  id uuid primary key default gen_random_uuid(),
  step text not null,
  row_id uuid,
  error_code text not null,
  happened_at timestamptz not null,
  happened_count bigint not null default 1,

  constraint sweep_errors_row_key unique nulls not distinct (step, row_id)
);

comment on table cc_private.sweep_errors is 'Rows that a sweep had to leave as they are, each once, with the last error and how often: for the operator.';
alter table cc_private.sweep_errors enable row level security;
create policy "the api reads nothing here" on cc_private.sweep_errors
  for all to anon, authenticated using (false);

create function cc_private.report_sweep_error(step text, row_id uuid, error_code text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into cc_private.sweep_errors as known (step, row_id, error_code, happened_at)
  values (
    report_sweep_error.step, report_sweep_error.row_id, report_sweep_error.error_code, clock_timestamp()
  )
  on conflict on constraint sweep_errors_row_key do update
  set error_code = excluded.error_code, happened_at = excluded.happened_at,
    happened_count = known.happened_count + 1;
  perform cc_private.raise_alert('sweep_failed', format(
    'the sweep could not %s for %s (%s)', replace(step, '_', ' '), row_id, error_code
  ));
end;
$$;

comment on function cc_private.report_sweep_error(text, uuid, text) is 'Keeps what one row of a sweep failed with, and raises an alert.';
revoke all on function cc_private.report_sweep_error(text, uuid, text) from public, anon, authenticated, service_role;

-- When each job last came to its end.
create table cc_private.heartbeats (
  name text primary key,
  beat_at timestamptz not null
);

comment on table cc_private.heartbeats is 'When each scheduled job last ran to its end: a job that stops is seen.';
alter table cc_private.heartbeats enable row level security;
create policy "the api reads nothing here" on cc_private.heartbeats
  for all to anon, authenticated using (false);
insert into cc_private.heartbeats (name, beat_at) values ('sweep', now());

create function cc_private.ring_sync()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (select from public.cc_messages as message where message.send_state = 'uncertain') then
    perform cc_private.post_by_pg_net(
      url => cc_private.vault_secret('sync_url'),
      body => '{"only": "sends"}',
      apikey => cc_private.vault_secret('sync_key'),
      timeout_ms => 5000
    );
  end if;
exception when others then
  perform cc_private.report_sweep_error('ring_sync', null, sqlstate);
end;
$$;

comment on function cc_private.ring_sync() is 'Has Twilio''s list read while a send is in doubt.';
revoke all on function cc_private.ring_sync() from public, anon, authenticated, service_role;

create function cc_private.ring_due_media()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (
    select
    from public.cc_media as media
    where media.state in ('waiting', 'fetching') and media.due_at <= statement_timestamp()
  ) or exists (
    select from cc_private.file_deletions as deletion where deletion.due_at <= statement_timestamp()
  ) then
    perform cc_private.ring_media();
  end if;
exception when others then
  perform cc_private.report_sweep_error('ring_due_media', null, sqlstate);
end;
$$;

comment on function cc_private.ring_due_media() is 'Has media fetched whose first ring was lost, whose time has come again, or whose worker did not come back, and files deleted that are to go.';
revoke all on function cc_private.ring_due_media() from public, anon, authenticated, service_role;

create function cc_private.run_sweep_step(step text)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
begin
  return case step
    when 'expire_turn_leases' then cc_private.expire_turn_leases()
    when 'expire_send_leases' then cc_private.expire_send_leases()
    when 'check_dispatches' then cc_private.check_dispatches()
    when 'dispatch_due' then cc_private.dispatch_due()
    when 'return_to_agent' then cc_private.return_to_agent()
    when 'close_idle' then cc_private.close_idle()
    when 'alert_of_troubles' then cc_private.alert_of_troubles()
  end;
exception when others then
  perform cc_private.report_sweep_error(step, null, sqlstate);
  return null;
end;
$$;

comment on function cc_private.run_sweep_step(text) is 'One step of the sweep; null when it failed as a whole, which the other steps do not notice.';
revoke all on function cc_private.run_sweep_step(text) from public, anon, authenticated, service_role;

create function cc_private.sweep()
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  swept jsonb;
begin
  swept := jsonb_build_object(
    'expired_turns', cc_private.run_sweep_step('expire_turn_leases'),
    'expired_sends', cc_private.run_sweep_step('expire_send_leases'),
    'failed_dispatches', cc_private.run_sweep_step('check_dispatches'),
    'dispatched', cc_private.run_sweep_step('dispatch_due'),
    'alerts', cc_private.run_sweep_step('alert_of_troubles')
  );
  perform cc_private.run_sweep_step('return_to_agent');
  perform cc_private.run_sweep_step('close_idle');
  perform cc_private.ring_sync();
  perform cc_private.ring_due_media();

  update cc_private.heartbeats as heartbeat
  set beat_at = clock_timestamp()
  where heartbeat.name = 'sweep';
  return swept;
end;
$$;

comment on function cc_private.sweep() is 'Finds what a crash or a lost ring left behind, and gives the number of each; any number of sweeps may run at once.';
revoke all on function cc_private.sweep() from public, anon, authenticated, service_role;

select cron.schedule('switchboard-sweep', '10 seconds', 'select cc_private.sweep()');
-- Not with every sweep: pg_cron's record has no index to find what is old.
select cron.schedule('switchboard-trim', '17 * * * *', 'select cc_private.trim_run_details()');
