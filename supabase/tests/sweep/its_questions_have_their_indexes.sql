begin;
select plan(4);

-- SETUP
select tests.receive('Hello');
select tests.answer_in_the_past(2000);
analyze public.cc_turns, public.cc_messages;

-- TEST
-- Of the partial indexes any will do: they hold what waits, and nothing else.
select matches(
  tests.plan_of($$
    select id, conversation_id from public.cc_turns
    where state = 'running' and lease_until <= clock_timestamp() order by conversation_id limit 500
  $$),
  'Index.* cc_turns_(lease|due|working|unanswered|pending)_idx', 'turns whose lease ended'
);
select matches(
  tests.plan_of($$
    select id, conversation_id from public.cc_messages
    where send_state = 'sending' and send_lease_until <= clock_timestamp() order by conversation_id limit 500
  $$),
  'Index.* cc_messages_(send_lease|send_due|unsettled|in_flight)_idx', 'sends whose lease ended'
);
select matches(
  tests.plan_of($$
    select conversation_id from public.cc_turns
    where state in ('pending', 'retrying') and due_at <= clock_timestamp() order by due_at limit 500
  $$),
  'Index.* cc_turns_(lease|due|working|unanswered|pending)_idx', 'turns that are due'
);
select matches(
  tests.plan_of($$
    select conversation_id from public.cc_messages
    where send_state = 'ready' and send_due_at <= clock_timestamp() order by send_due_at limit 500
  $$),
  'Index.* cc_messages_(send_lease|send_due|unsettled|in_flight)_idx', 'messages that are due'
);

select * from finish();
rollback;
