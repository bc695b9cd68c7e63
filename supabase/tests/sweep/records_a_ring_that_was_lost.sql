begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
create temp table ring as select (tests.ring(1)).*;
create function pg_temp.rung(ago interval) returns void language sql
as $$
  update cc_private.dispatches set dispatched_at = clock_timestamp() - ago
  where conversation_id = tests.conversation()
$$;

-- TEST
select pg_temp.rung('2 minutes');
select is(cc_private.check_dispatches(), 0, 'what waits in pg_net''s queue is not lost');
delete from net.http_request_queue where id = (select request_id from ring);
select pg_temp.rung('59 seconds');
select is(cc_private.check_dispatches(), 0, 'an answer may take a while');
select pg_temp.rung('61 seconds');
select is(cc_private.check_dispatches(), 1, 'after a minute, neither here nor there, it is lost');
select is((tests.event('orchestrator_trigger_failed')).error_code, 'lost', 'the record says so');

select * from finish();
rollback;
