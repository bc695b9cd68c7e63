begin;
select plan(2);

-- SETUP
create temp table rejected as
select * from public.record_rejected_webhook(
  'message_sid_missing', '{"From": "whatsapp:+15005550199", "Body": "Hello"}', 'signature of tests'
);

-- TEST
select ok((select is_new from rejected), 'the request is new');
select results_eq(
  $$
    select id, provider, reason, parameters, signature
    from public.cc_rejected_webhooks
    where signature = 'signature of tests'
  $$,
  $$
    select rejected_webhook_id, 'twilio', 'message_sid_missing',
      '{"From": "whatsapp:+15005550199", "Body": "Hello"}'::jsonb, 'signature of tests'
    from rejected
  $$,
  'nothing that Twilio signed is thrown away'
);

select * from finish();
rollback;
