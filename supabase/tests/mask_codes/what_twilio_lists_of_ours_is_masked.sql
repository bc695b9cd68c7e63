begin;
select plan(3);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
-- The same person also writes by SMS, and the sync reads the number from which codes leave.
select tests.receive('Hello', customer_address => '+15005550199', business => '+15005550100', channel => 'sms');
create temp table taken as
select public.take_over_message(
  tests.next_sid(), '+15005550100', '+15005550199', code || ' is your code.', '{"kind": "text"}',
  now(), 'delivered', channel => 'sms'
) ->> 'outcome' as outcome
from asked;

-- TEST
select is((select outcome from taken), 'taken_over', 'the sync finds the SMS');
select is(
  (select body_text from public.cc_messages where recovered_at is not null),
  '[code: of another conversation] is your code.', 'its code is masked'
);
select ok(
  not exists (select from public.cc_messages as message, asked where to_jsonb(message)::text like '%' || code || '%'),
  'and in no message'
);

select * from finish();
rollback;
