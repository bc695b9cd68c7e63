begin;
select plan(5);

-- SETUP
select tests.sync();
create function pg_temp.calls() returns setof net.http_request_queue language sql
as $$ select * from tests.requests_to('http://sync.test/functions/v1/twilio-sync') $$;

-- TEST
select cc_private.sweep();
select is_empty('select from pg_temp.calls()', 'the sync is left in peace while nothing is in doubt');

select tests.uncertain_send();
select cc_private.sweep();
select is((select count(*) from pg_temp.calls()), 1::bigint, 'it is called when something is');
select is(
  (select headers ->> 'apikey' from pg_temp.calls()), 'test-sync-key', 'with its own key'
);
select is(
  (select convert_from(body, 'UTF8')::jsonb from pg_temp.calls()), '{"only": "sends"}',
  'for that alone: the rest is read in its own time'
);
select is_empty(
  $$ select from cc_private.sweep_errors $$, 'nothing of this is an error'
);

select * from finish();
rollback;
