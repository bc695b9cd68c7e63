begin;
select plan(3);

-- SETUP
create temp table facts as
select '{
  "turn_id": "3f2a5e0c-6f0b-4a51-9d30-0a0b0c0d0e0f",
  "message_sid": "SM0123456789abcdef0123456789ABCDEF",
  "provider": "twilio", "channel": "whatsapp", "kind": "text", "reason": "handed_over",
  "delivery_status": "sent", "turn": "opened",
  "seq": 1, "attempt": 2, "failure_count": 3, "media_count": 0, "body_length": 1600, "part_count": 2,
  "parameter_count": 12, "request_id": 1234567890123,
  "has_acknowledgement": false
}'::jsonb as known;

-- TEST
select is(
  (select tests.redact(known) from facts),
  (select known from facts),
  'ids, kinds, counts and lengths pass as they are'
);
select is(tests.redact('{}'), '{}', 'nothing stays nothing');
select is(tests.redact(null), '{}', 'and so does what is missing');

select * from finish();
rollback;
