begin;
select plan(3);

-- SETUP
-- After a crash pg_net's ids start again.
select tests.orchestrator();
select tests.receive('Hello');
select tests.answer(
  (tests.ring(1)).request_id, 500, created => (tests.ring(1)).dispatched_at - interval '6 seconds'
);

-- TEST
select is(cc_private.check_dispatches(), 0, 'an answer from before the ring is none to it');
select isnt(tests.ring(1), null, 'the ring is still to be answered');
select tests.answer((tests.ring(1)).request_id, 202);
select cc_private.check_dispatches();
select results_eq(
  $$ select status_code from net._http_response where created > now() - interval '1 hour' $$,
  'values (500)',
  'its own answer settles it; the other one is somebody else''s and stays'
);

select * from finish();
rollback;
