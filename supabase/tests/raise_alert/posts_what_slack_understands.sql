begin;
select plan(5);

-- SETUP
select tests.alerts();
select is(cc_private.raise_alert('test', 'something is wrong'), true, 'it says that the alert left');
create temp table request as select * from tests.requests_to('http://alerts.test/hook');

-- TEST
select is(
  (select convert_from(body, 'UTF8')::jsonb from request),
  '{"text": "Switchboard: something is wrong", "kind": "test"}', 'text is what is shown'
);
select results_eq(
  'select method::text, headers, timeout_milliseconds from request',
  $$ values ('POST', '{"Content-Type": "application/json"}'::jsonb, 1000) $$,
  'a slow receiver holds up other requests for a second at most, and gets no key'
);
select results_eq(
  $$ select text, raised_count from cc_private.alerts where kind = 'test' $$,
  $$ values ('something is wrong', 1::bigint) $$, 'the last one of each kind is kept'
);
select results_eq(
  'select conversation_id, message_id from cc_private.dispatches where request_id = (select id from request)',
  'values (null::uuid, null::uuid)', 'the sweep clears pg_net''s answer'
);

select * from finish();
rollback;
