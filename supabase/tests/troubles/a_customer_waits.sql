begin;
select plan(6);

-- SETUP
select tests.orchestrator();
update public.cc_settings set unanswered_alert_minutes = 5 where id;
create function pg_temp.troubles() returns setof text language sql
as $$ select kind from cc_private.troubles() where kind = 'customer_unanswered' $$;
select tests.receive('Hello');
select is_empty('select pg_temp.troubles()', 'not yet');
update public.cc_turns set created_at = clock_timestamp() - interval '6 minutes'
where id = (tests.turn('pending')).id;

-- TEST
select isnt_empty('select pg_temp.troubles()', 'for an agent to begin');
select tests.claim();
select isnt_empty('select pg_temp.troubles()', 'for the agent to answer');
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');
select isnt_empty('select pg_temp.troubles()', 'for another attempt');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 2, '{}', 'handed_over');
update public.cc_conversations set handler = 'human' where id = tests.conversation();
select tests.receive('Hello?');
update public.cc_turns set created_at = clock_timestamp() - interval '6 minutes'
where id = (tests.turn('pending')).id;
select isnt_empty('select pg_temp.troubles()', 'for a person');
select public.dispatch_conversation(tests.conversation());
update public.cc_turns set state = 'silent', silent_reason = 'answered_by_person', due_at = null, finished_at = clock_timestamp()
where id = (tests.turn('pending')).id;
select is_empty('select pg_temp.troubles()', 'until there is an answer');

select * from finish();
rollback;
