begin;
select plan(3);

-- SETUP
select tests.orchestrator();
create temp table first as select * from tests.receive('One');
select tests.receive('Two');
select tests.receive('Three');

-- TEST
select results_eq(
  $$ select ring ->> 'messageId' from tests.rings() as ring $$,
  $$ select id::text from first $$,
  'only the message that opened the turn rings'
);
select results_eq(
  $$ select request_id, message_id from cc_private.dispatches where conversation_id = tests.conversation() $$,
  $$
    select max(request.id), (select id from first)
    from net.http_request_queue as request
    where convert_from(request.body, 'UTF8')::jsonb ->> 'conversationId' = tests.conversation()::text
  $$,
  'pg_net''s id of the ring is kept for the sweep, with the message'
);
select ok((tests.turn('pending')).dispatched_at is not null, 'the turn knows its time');

select * from finish();
rollback;
