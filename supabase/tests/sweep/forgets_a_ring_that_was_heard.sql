begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
create temp table ring as select (tests.ring(1)).*;

-- TEST
select is(cc_private.check_dispatches(), 0, 'a ring without an answer is left alone');
select isnt(tests.ring(1), null, 'and kept');
select tests.answer(request_id, 202) from ring;
select is(cc_private.check_dispatches(), 0, 'one that was heard is no failure');
select is_empty(
  $$
    select request_id from cc_private.dispatches where request_id = (select request_id from ring)
    union all
    select id from net._http_response where id = (select request_id from ring)
  $$,
  'it is forgotten, and so is the answer, which every role could read'
);

select * from finish();
rollback;
