begin;
select plan(8);

-- SETUP
select tests.orchestrator();
create function pg_temp.close() returns text language sql
as $$ select public.close_conversation(tests.conversation()) ->> 'outcome' $$;
select tests.receive('One');

-- TEST
select is(pg_temp.close(), 'still_open', 'a turn waits');
select tests.claim();
select is(pg_temp.close(), 'still_open', 'a turn is in work');
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');
select is(pg_temp.close(), 'still_open', 'a turn is tried again');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 2, array['Hi']);
select is(pg_temp.close(), 'still_open', 'a message is to be sent');
select public.claim_send(tests.conversation());
select is(pg_temp.close(), 'still_open', 'a message is being sent');
select public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out');
select is(pg_temp.close(), 'still_open', 'a send is in doubt');
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
create temp table old as select tests.conversation() as id;
select is(pg_temp.close(), 'closed', 'then nothing is open');
select is((select public.close_conversation(id) ->> 'outcome' from old), 'already_closed', 'once is enough');

select * from finish();
rollback;
