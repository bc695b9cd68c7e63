begin;
select plan(3);

-- SETUP
select tests.alerts();
select cc_private.raise_alert('test', 'something is wrong');
create temp table sent as
select * from cc_private.dispatches where conversation_id is null order by dispatched_at desc limit 1;
select tests.answer(request_id, 500) from sent;
create temp table before as select count(*) as rows from public.cc_audit_logs;

-- TEST
select is(cc_private.check_dispatches(), 0, 'the orchestrator was not meant');
select is((select count(*) from public.cc_audit_logs), (select rows from before), 'nothing is recorded');
select is_empty(
  $$
    select from cc_private.dispatches where request_id = (select request_id from sent)
    union all
    select from net._http_response where id = (select request_id from sent)
  $$,
  'it is forgotten'
);

select * from finish();
rollback;
