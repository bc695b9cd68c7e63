begin;
select plan(4);

-- SETUP
select tests.receive('Hello');
create temp table origin as select * from public.cc_conversations where id = tests.conversation();
with turn as (
  insert into public.cc_turns (conversation_id, state, created_at, claimed_at, finished_at)
  select origin.id, 'answered', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day'
  from origin, generate_series(1, 2000)
  returning id, conversation_id
)
insert into public.cc_messages (
  conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address,
  body_text, send_state
)
select conversation_id, 1000 + row_number() over (), id, 'outbound', 'twilio', tests.next_sid(),
  tests.business(), tests.customer(), 'Hi', 'handed_over'
from turn;
analyze public.cc_turns, public.cc_messages;
-- Of the partial indexes any will do: they hold what waits, and nothing else.
create function pg_temp.plan_of(question text) returns text language plpgsql
as $$
declare
  line text;
  lines text := '';
begin
  for line in execute 'explain ' || question loop
    lines := lines || line || E'\n';
  end loop;
  return lines;
end;
$$;

-- TEST
select matches(
  pg_temp.plan_of($$
    select id, conversation_id from public.cc_turns
    where state = 'running' and lease_until <= clock_timestamp() order by conversation_id limit 500
  $$),
  'Index.* cc_turns_(lease|due|working|unanswered|pending)_idx', 'turns whose lease ended'
);
select matches(
  pg_temp.plan_of($$
    select id, conversation_id from public.cc_messages
    where send_state = 'sending' and send_lease_until <= clock_timestamp() order by conversation_id limit 500
  $$),
  'Index.* cc_messages_(send_lease|send_due|unsettled|in_flight)_idx', 'sends whose lease ended'
);
select matches(
  pg_temp.plan_of($$
    select conversation_id from public.cc_turns
    where state in ('pending', 'retrying') and due_at <= clock_timestamp() order by due_at limit 500
  $$),
  'Index.* cc_turns_(lease|due|working|unanswered|pending)_idx', 'turns that are due'
);
select matches(
  pg_temp.plan_of($$
    select conversation_id from public.cc_messages
    where send_state = 'ready' and send_due_at <= clock_timestamp() order by send_due_at limit 500
  $$),
  'Index.* cc_messages_(send_lease|send_due|unsettled|in_flight)_idx', 'messages that are due'
);

select * from finish();
rollback;
