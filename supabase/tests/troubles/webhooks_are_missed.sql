begin;
select plan(4);

-- SETUP
create function pg_temp.missed() returns text language sql
as $$ select text from cc_private.troubles() where kind = 'webhooks_missed' $$;
update public.cc_settings set webhooks_missed_alert_count = 2, webhooks_missed_alert_minutes = 10 where id;
select tests.recover(sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

-- TEST
select is(pg_temp.missed(), null, 'one may happen');
select tests.recover();
select is(
  pg_temp.missed(), '2 messages came by no webhook within 10 minutes; run deno task webhook:check', 'two are too many'
);
select tests.receive(sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
select is(pg_temp.missed(), null, 'a webhook that came after all was late, not missed');
select tests.recover();
update public.cc_messages set recovered_at = now() - interval '11 minutes' where recovered_at is not null;
select is(pg_temp.missed(), null, 'what is long past is no trouble now');

select * from finish();
rollback;
