begin;
select plan(6);

-- SETUP
create temp table written as
select (tests.receive('Answered before the restore')).id as answered, (tests.receive('Not answered')).id as waiting;
update public.cc_messages set created_at = now() - interval '1 hour' where id = (select answered from written);
select tests.take_over('SM000000000000000000000000000a0001', 'The answer', interval '0');
update public.cc_messages set provider_created_at = now() - interval '30 minutes'
where provider_message_id = 'SM000000000000000000000000000a0001';
create temp table settled as select cc_private.settle_restored(clock_timestamp()) as counts;
create function pg_temp.turn_of(message uuid) returns public.cc_turns language sql
as $$
  select turn from public.cc_turns as turn
  join public.cc_messages as known on known.turn_id = turn.id where known.id = turn_of.message
$$;

-- TEST
select is((select counts ->> 'answered_messages' from settled), '1', 'one was answered');
select is(
  (select (pg_temp.turn_of(answered)).silent_reason from written), 'answered_elsewhere', 'it is met with silence'
);
select is((select (pg_temp.turn_of(waiting)).state from written), 'pending', 'the other waits for its answer');
select is(
  (tests.event('turn_answered')).output_redacted ->> 'reason', 'answered_elsewhere', 'which is on record'
);

update public.cc_messages set created_at = now() - interval '1 hour' where id = (select waiting from written);
select cc_private.settle_restored(clock_timestamp());
select is((select (pg_temp.turn_of(waiting)).state from written), 'silent', 'answered as well');
select is_empty(
  $$ select from public.cc_turns where state in ('pending', 'running', 'retrying')
     and conversation_id = tests.conversation() $$,
  'a turn with nothing left to answer has ended'
);

select * from finish();
rollback;
