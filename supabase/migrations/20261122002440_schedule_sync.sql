-- The clock of the sync: what no webhook brought is looked for every two minutes.

create function cc_private.ring_reading()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- Counted from here, so that a sync which never runs is seen.
  perform cc_private.add_sync_cursors();
  perform cc_private.post_by_pg_net(
    url => cc_private.vault_secret('sync_url'),
    body => '{}',
    apikey => cc_private.vault_secret('sync_key'),
    timeout_ms => 5000
  );
exception when others then
  perform cc_private.report_sweep_error('ring_reading', null, sqlstate);
end;
$$;

comment on function cc_private.ring_reading() is 'Has Twilio''s list read for what no webhook brought, and stale delivery statuses asked for.';
revoke all on function cc_private.ring_reading() from public, anon, authenticated, service_role;

select cron.schedule('switchboard-sync', '*/2 * * * *', 'select cc_private.ring_reading()');
