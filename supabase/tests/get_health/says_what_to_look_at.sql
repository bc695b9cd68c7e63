begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.sync();
select tests.media();
delete from vault.secrets where name = 'sync_key';
update cc_private.heartbeats set beat_at = '2026-01-02 03:04:05Z' where name = 'sweep';
create temp table health as select public.get_health() as said;

-- TEST
select is((select said ->> 'status' from health), 'failing', 'one reason is enough');
select is(
  (select said #>> '{reasons, 0, text}' from health), 'secret "sync_key" is not in Vault', 'it names the secret'
);
select alike(
  (select said #>> '{reasons, 1, text}' from health), 'the sweep has not run since 2026-01-02 03:04:05%',
  'and the time'
);

select * from finish();
rollback;
