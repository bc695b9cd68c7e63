begin;
select plan(5);

-- SETUP
select tests.receive('Hello');
select public.record_rejected_webhook('message_sid_missing', '{"From": "whatsapp:+15005550199", "Body": "secret"}', 'tests 1');
select public.record_rejected_webhook('status_incomplete', '{"To": ["whatsapp:+15005550199", "x"]}', 'tests 2');
select public.record_rejected_webhook('from_missing', '{"WaId": "15005550199", "Body": "secret"}', 'tests 3');
select public.record_rejected_webhook('from_missing', '{"From": "whatsapp:+15005550198"}', 'tests 4');

-- TEST
select is(public.count_customer_data(customer_id) ->> 'rejected_webhooks', '3', 'they are counted')
from public.cc_conversations where id = tests.conversation();
select public.erase_customer(customer_id)
from public.cc_conversations where id = tests.conversation();
select set_eq(
  $$ select signature from public.cc_rejected_webhooks where parameters = '{}' $$,
  array['tests 1', 'tests 2', 'tests 3'], 'what names an address of the customer is emptied'
);
select results_eq(
  $$ select parameters ->> 'From' from public.cc_rejected_webhooks where signature = 'tests 4' $$,
  $$ values ('whatsapp:+15005550198') $$, 'what names another''s is not'
);
select results_eq(
  $$ select is_new from public.record_rejected_webhook('from_missing', '{"Body": "secret"}', 'tests 1') $$,
  'values (false)', 'a replay'
);
select is_empty(
  $$ select id from public.cc_rejected_webhooks where parameters ->> 'Body' = 'secret' $$, 'brings nothing back'
);

select * from finish();
rollback;
