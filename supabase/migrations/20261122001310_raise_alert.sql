-- Telling the operator, by a POST that Slack and most others understand. One alert of a kind at a time:
-- what goes on failing does not go on ringing.

create table cc_private.alerts (
  kind text primary key constraint kind_is_a_word check (kind ~ '^[a-z][a-z_]{0,39}$'),
  text text not null,
  raised_at timestamptz not null,
  raised_count bigint not null default 1
);

comment on table cc_private.alerts is 'The last alert of each kind, and how often one was sent.';
alter table cc_private.alerts enable row level security;
create policy "the api reads nothing here" on cc_private.alerts
  for all to anon, authenticated using (false);

create function cc_private.raise_alert(kind text, text text)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
#variable_conflict use_column
begin
  insert into cc_private.alerts as known (kind, text, raised_at)
  values (raise_alert.kind, raise_alert.text, clock_timestamp())
  on conflict (kind) do update
  set text = excluded.text, raised_at = excluded.raised_at, raised_count = known.raised_count + 1
  where known.raised_at <= excluded.raised_at - (
    select settings.alert_cooldown_minutes * interval '1 minute' from public.cc_settings as settings
  );
  if not found then
    return false;
  end if;

  perform cc_private.post_by_pg_net(
    url => cc_private.vault_secret('alert_url'),
    body => jsonb_build_object('text', 'Switchboard: ' || raise_alert.text, 'kind', raise_alert.kind),
    apikey => null,
    -- A slow receiver would hold up every dispatch in the same batch of pg_net.
    timeout_ms => 1000
  );
  return true;
exception when others then
  -- No URL, or no pg_net: the health check still shows what is wrong.
  return false;
end;
$$;

comment on function cc_private.raise_alert(text, text) is 'Sends an alert to the URL in Vault, unless one of its kind was sent a short while ago; never raises, and names no customer.';
revoke all on function cc_private.raise_alert(text, text) from public, anon, authenticated, service_role;
