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
select is(
  (tests.turn('pending')).dispatch_request_id,
  (
    select max(request.id)
    from net.http_request_queue as request
    where convert_from(request.body, 'UTF8')::jsonb ->> 'conversationId' = tests.conversation()::text
  ),
  'the turn knows pg_net''s id of the ring'
);
select ok((tests.turn('pending')).dispatched_at is not null, 'and its time');

select * from finish();
rollback;
