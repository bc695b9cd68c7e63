begin;
select plan(5);

-- SETUP
select tests.alerts();
update public.cc_turns set claimed_at = null where claimed_at is not null;
update public.cc_settings set turns_per_minute = 2 where id;
create temp table customer as
select number, 'whatsapp:+1500555011' || number as customer_address from generate_series(1, 3) as number;
select tests.receive('Hello', customer_address => customer_address) from customer;
select tests.claim(tests.conversation(customer_address)) from customer where number <= 2 order by number;
update public.cc_turns as turn set claimed_at = clock_timestamp() - number * interval '10 seconds'
from customer where turn.conversation_id = tests.conversation(customer_address) and number <= 2;

-- TEST
create temp table answer as select tests.claim(tests.conversation(customer_address)) as said from customer where number = 3;
select is((select said ->> 'outcome' from answer), 'not_due', 'two turns a minute are enough');
select ok(
  (select (said ->> 'due_in_ms')::integer between 39000 and 40000 from answer),
  'until the older one of them is a minute old'
);
select alike(tests.alert('fuse_blown'), '2 turns%', 'the operator hears of it');
select is(
  (select attempt from public.cc_turns, customer where number = 3 and conversation_id = tests.conversation(customer_address)),
  0, 'the turn is not claimed, and has not failed'
);
update public.cc_turns set claimed_at = claimed_at - interval '41 seconds' where claimed_at is not null;
select is(
  (select tests.claim(tests.conversation(customer_address)) ->> 'outcome' from customer where number = 3),
  'claimed', 'then it is'
);

select * from finish();
rollback;
