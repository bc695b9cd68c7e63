begin;
select plan(3);

-- SETUP
select tests.sync();
select cc_private.ring_reading();
create temp table calls as select * from tests.requests_to('http://sync.test/functions/v1/twilio-sync');

-- TEST
select is((select convert_from(body, 'UTF8')::jsonb from calls), '{}', 'for everything');
select is((select headers ->> 'apikey' from calls), 'test-sync-key', 'with its own key');
delete from vault.secrets where name = 'sync_key';
select lives_ok('select cc_private.ring_reading()', 'without its key it rings nobody, and the sweep''s errors say why');

select * from finish();
rollback;
