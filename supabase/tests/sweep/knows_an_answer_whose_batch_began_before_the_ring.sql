begin;
select plan(3);

-- SETUP
-- The batch's transaction had begun when the ring was committed; then it read the queue.
select tests.orchestrator();
select tests.receive('Hello');
select tests.answer(
  (tests.ring(1)).request_id, 202, created => (tests.ring(1)).dispatched_at - interval '200 milliseconds'
);

-- TEST
select is(cc_private.check_dispatches(), 0, 'no failure');
select is(tests.ring(1), null, 'the ring was heard');
select is_empty('select from net._http_response', 'and nobody else can read the answer');

select * from finish();
rollback;
