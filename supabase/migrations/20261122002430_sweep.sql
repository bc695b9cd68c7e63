-- What a crash or a lost ring leaves behind is found here, every ten seconds. Each step looks through a partial
-- index that is empty when nothing waits.

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
    perform cc_private.ring_function('sync', '{"only": "sends"}');
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
    perform cc_private.ring_function('media');
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
    when 'analyze_grown_tables' then cc_private.analyze_grown_tables()
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
  perform cc_private.run_sweep_step('analyze_grown_tables');

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
