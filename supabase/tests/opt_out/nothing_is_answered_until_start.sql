begin;
select plan(6);

-- SETUP
select tests.orchestrator();
select tests.receive('STOP');
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select tests.receive('Where is my card?');
select results_eq(
  $$
    select message.body_text, turn.state, turn.silent_reason
    from public.cc_messages as message
    join public.cc_turns as turn on turn.id = message.turn_id
    where message.conversation_id = tests.conversation() and message.direction = 'inbound'
    order by message.seq
  $$,
  $$ values ('STOP', 'silent', 'opted_out'), ('Where is my card?', 'silent', 'opted_out') $$,
  'what an opted-out customer writes is stored, and met with silence'
);
select is((select count(*) from tests.rings()), (select times from rung), 'nobody is rung');
select tests.receive('Start');
select results_eq(
  $$
    select customer.opted_out_at, customer.opted_in_at is not null
    from public.cc_customers as customer
    join public.cc_conversations as conversation on conversation.customer_id = customer.id
    where conversation.id = tests.conversation()
  $$,
  $$ values (null::timestamptz, true) $$, 'START brings the customer back'
);
select is((tests.event('customer_opted_in')).output_redacted ->> 'reason', 'keyword', 'which is on record');
select is(
  (tests.outbound(2)).body_text, 'Welcome back: you will get our messages again.', 'and confirmed'
);
select tests.receive('start');
select is(
  (tests.claim() -> 'messages' -> 0 ->> 'text'), 'start', 'later messages are answered again, START too'
);

select * from finish();
rollback;
