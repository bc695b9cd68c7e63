begin;
select plan(3);

-- SETUP
delete from vault.secrets where name in ('media_url', 'media_key');
select tests.alerts();

-- TEST
create temp table message as select tests.receive_media() as id;
select is(
  (select state from public.cc_media where message_id = (select id from message)), 'waiting',
  'without a secret nobody is rung, and the file waits'
);
select is(
  tests.events(),
  array['inbound_webhook_received', 'message_persisted', 'orchestrator_trigger_failed'],
  'the message is recorded as any other'
);

alter table public.cc_media add constraint refused_by_this_test check (position < 0) not valid;
select isnt(tests.receive_media(), null, 'a table that takes nothing in costs it nothing');

select * from finish();
rollback;
