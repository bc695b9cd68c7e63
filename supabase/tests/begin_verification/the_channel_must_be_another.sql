begin;
select plan(2);

-- SETUP
select tests.receive('Balance?', customer_address => '+15005550199', business => '+15005550100', channel => 'sms');
create temp table claim as select tests.claim(tests.conversation('+15005550199')) as turn;

-- TEST
select is(
  (select public.begin_verification((turn ->> 'turn_id')::uuid, 1, 'sms', '+15005550199') ->> 'outcome' from claim),
  'same_channel',
  'who holds the conversation must not get the code there'
);
select is_empty('select from public.cc_verifications', 'and none is made');

select * from finish();
rollback;
