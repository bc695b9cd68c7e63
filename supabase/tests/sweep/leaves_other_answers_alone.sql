begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.answer((tests.ring(1)).request_id, 202);
select tests.answer(9000000000001, 200), tests.answer(9000000000002, 500),
  tests.answer(9000000000003, error_msg => 'Couldn''t connect', created => now() - interval '2 hours');
insert into net.http_request_queue (method, url, timeout_milliseconds)
values ('GET', 'http://another-application.test/', 1000);

-- TEST
select cc_private.sweep();
select set_eq(
  'select id from net._http_response',
  'values (9000000000001), (9000000000002), (9000000000003)',
  'another application may still want its answers'
);
select isnt_empty(
  $$ select tests.requests_to('http://another-application.test/') $$, 'and its request waits'
);

select * from finish();
rollback;
