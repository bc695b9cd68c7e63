begin;
select plan(6);

-- SETUP
select tests.orchestrator();
create temp table stop as select * from tests.receive('Stop!');
create function pg_temp.customer() returns public.cc_customers language sql
as $$
  select customer from public.cc_customers as customer
  join public.cc_conversations as conversation on conversation.customer_id = customer.id
  where conversation.id = tests.conversation()
$$;

-- TEST
select isnt((pg_temp.customer()).opted_out_at, null, 'the customer is opted out');
select results_eq(
  $$
    select turn.state, turn.silent_reason, turn.attempt, message.seq
    from public.cc_turns as turn
    join public.cc_messages as message on message.turn_id = turn.id
    where turn.conversation_id = tests.conversation()
  $$,
  $$ values ('silent', 'opted_out', 0, 1::bigint) $$, 'no agent answers'
);
select results_eq(
  $$ select body_text, body_json ->> 'kind', seq from tests.outbound(1) $$,
  $$
    values ('You will get no more messages from us. Write START to hear from us again.',
      'opt_out_confirmation', 2::bigint)
  $$,
  'a confirmation waits to be sent'
);
select is(
  tests.events(), '{inbound_webhook_received,message_persisted,turn_answered,customer_opted_out}',
  'all of it is on record'
);
select is(
  public.claim_send(tests.conversation()) ->> 'body_text', (tests.outbound(1)).body_text,
  'the confirmation leaves, although the customer is opted out'
);
select tests.receive('STOP');
select is((tests.outbound(2)).id, null, 'a second STOP is not confirmed again');

select * from finish();
rollback;
