-- Settings are changed by hand, so every change is on record, and the row itself cannot be lost.

create function cc_private.record_settings_change()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'Cannot % cc_settings: the service needs its one row', lower(tg_op)
      using errcode = 'SB004';
  end if;
  perform cc_private.append_audit(null, cc_private.audit_event('settings_changed', 'human'));
  return null;
end;
$$;

comment on function cc_private.record_settings_change() is 'Records that settings were changed; refuses to lose them.';
revoke all on function cc_private.record_settings_change() from public, anon, authenticated, service_role;

create trigger record_settings_change
  before update or delete or truncate on public.cc_settings
  for each statement execute function cc_private.record_settings_change();
