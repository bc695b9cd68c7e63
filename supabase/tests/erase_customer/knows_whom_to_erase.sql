begin;
select plan(4);

-- SETUP
select tests.receive('Hello');

-- TEST
select is(
  public.find_customer(tests.customer()),
  (select jsonb_build_object('outcome', 'found', 'customer_id', customer_id)
  from public.cc_conversations where id = tests.conversation()),
  'a customer is found by an address'
);
select is(public.find_customer('whatsapp:+15005550196') ->> 'outcome', 'not_found', 'that nobody has, nobody');
select is(public.erase_customer(gen_random_uuid()) ->> 'outcome', 'not_found', 'who is not there cannot be erased');
select is(public.count_customer_data(customer_id) ->> 'messages', '1', 'what there is can be counted')
from public.cc_conversations where id = tests.conversation();

select * from finish();
rollback;
