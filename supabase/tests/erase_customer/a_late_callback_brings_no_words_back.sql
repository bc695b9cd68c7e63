begin;
select plan(3);

-- SETUP
select tests.reply('Hi Maria');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMfeed');
select public.erase_customer(customer_id)
from public.cc_conversations where id = tests.conversation();

-- TEST
select is(
  public.record_delivery_status(
    'SMfeed', 'undelivered', error_code => '63016', error_message => 'no way to +15005550199'
  ) ->> 'outcome',
  'recorded', 'a late callback is taken'
);
select results_eq(
  $$
    select delivery_status, error_code, error_message, body_text, to_address
    from public.cc_messages where provider_message_id = 'SMfeed'
  $$,
  $$ values ('undelivered', '63016', null::text, '', 'erased') $$,
  'but nothing of its words'
);
update public.cc_messages set body_text = 'Hi Maria', body_json = '{"kind": "text", "parameters": {"Body": "Hi"}}',
  to_address = tests.customer()
where provider_message_id = 'SMfeed';
select results_eq(
  $$ select body_text, body_json, to_address from public.cc_messages where provider_message_id = 'SMfeed' $$,
  $$ values ('', '{"kind": "reply"}'::jsonb, 'erased') $$,
  'whoever writes them'
);

select * from finish();
rollback;
