begin;
select plan(3);

-- SETUP
-- Somebody who closes and begins anew, and others, all with the number of one customer of the bank.
create temp table begun as
select customer_address, tests.ask_for_code(customer_address) ->> 'code' as code
from unnest(array['whatsapp:+15005550201', 'whatsapp:+15005550202']) as customer_address;
create temp table guess as
select tests.receive(tests.another_code(begun.code), customer_address => begun.customer_address)
from begun, generate_series(1, 5);

-- TEST
select is((select wrong_count from cc_private.code_targets), 10, 'wrong codes add up over all conversations');
select is(
  tests.ask_for_code('whatsapp:+15005550203') ->> 'outcome', 'locked', 'then no code leaves for this number'
);
update cc_private.code_targets set wrong_since = wrong_since - interval '1 day' where true;
select is(
  tests.ask_for_code('whatsapp:+15005550203') ->> 'outcome', 'asked', 'until a day has gone by'
);

select * from finish();
rollback;
