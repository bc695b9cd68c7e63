-- What Vault must hold for the service to ring somebody. Nothing is sent, since no test commits.

begin;

create function tests.keep_secret(name text, secret text)
returns void language plpgsql volatile
as $$
begin
  delete from vault.secrets where secrets.name = keep_secret.name;
  perform vault.create_secret(keep_secret.secret, keep_secret.name);
end;
$$;

create function tests.orchestrator(
  url text default 'http://orchestrator.test/functions/v1/orchestrator',
  key text default 'test-key'
)
returns void language plpgsql volatile
as $$
begin
  perform tests.keep_secret('orchestrator_url', url);
  perform tests.keep_secret('orchestrator_key', key);
end;
$$;

create function tests.sync()
returns void language plpgsql volatile
as $$
begin
  perform tests.keep_secret('sync_url', 'http://sync.test/functions/v1/twilio-sync');
  perform tests.keep_secret('sync_key', 'test-sync-key');
end;
$$;

create function tests.media()
returns void language plpgsql volatile
as $$
begin
  perform tests.keep_secret('media_url', 'http://media.test/functions/v1/media');
  perform tests.keep_secret('media_key', 'test-media-key');
end;
$$;

create function tests.alerts()
returns void language plpgsql volatile
as $$
begin
  perform tests.keep_secret('alert_url', 'http://alerts.test/hook');
  delete from cc_private.alerts where kind is not null;
end;
$$;

select plan(1);
select has_function('tests'::name, 'orchestrator'::name);
select * from finish();
commit;
