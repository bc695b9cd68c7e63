begin;
select plan(2);

-- SETUP
create temp table rejected as
select * from public.record_rejected_webhook(
  'message_sid_missing', '{"From": "whatsapp:+15005550199", "Body": "Hello"}', 'signature of tests'
);
create temp table entry as
select *
from public.cc_audit_logs
where output_redacted ->> 'rejected_webhook_id' = (select rejected_webhook_id::text from rejected);

-- TEST
select results_eq(
  $$
    select conversation_id, message_id, actor_type, event_type, success, error_code, error_message, input_redacted
    from entry
  $$,
  $$
    values (
      null::uuid, null::uuid, 'provider', 'webhook_processing_failed', false, 'message_sid_missing',
      null::text, '{"provider": "twilio", "parameter_count": 2}'::jsonb
    )
  $$,
  'the record has the reason and the number of parameters'
);
select doesnt_match((select entry::text from entry), '15005550199|Hello|signature of', 'and nothing of what they say');

select * from finish();
rollback;
