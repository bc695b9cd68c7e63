begin;
select plan(2);

-- SETUP
select tests.receive('One');
select tests.receive('Two');
update public.cc_messages set created_at = now() - seq * interval '10 seconds'
where conversation_id = tests.conversation();
select tests.claim();
update public.cc_turns set claimed_at = clock_timestamp() - interval '5 seconds' where state = 'running';
select public.complete_turn((tests.turn('running')).id, 1, array['Hi']);
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());

-- TEST
select ok(
  ((tests.event('reply_sent')).output_redacted ->> 'waited_ms')::integer between 20000 and 25000,
  'a reply took as long as the customer waited, from the first message of the burst'
);
select ok(
  ((tests.event('turn_answered')).output_redacted ->> 'worked_ms')::integer between 5000 and 9000,
  'a turn as long as its last claim'
);

select * from finish();
rollback;
