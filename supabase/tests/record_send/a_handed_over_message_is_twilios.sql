begin;
select plan(4);

-- SETUP
select tests.reply('Hi');
update public.cc_messages set created_at = now() - interval '1 minute'
where conversation_id = tests.conversation() and direction = 'inbound';
select public.claim_send(tests.conversation());

-- TEST
select is(
  public.record_send(
    (tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued'
  ),
  '{"outcome": "recorded"}',
  'Twilio''s word counts'
);
select results_eq(
  $$
    select send_state, provider_message_id, delivery_status, send_lease_until, handed_over_at is not null
    from tests.outbound(1)
  $$,
  $$ values ('handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued', null::timestamptz, true) $$,
  'the message has Twilio''s id and status'
);
select results_eq(
  $$
    select message_id, actor_type, success, output_redacted - 'waited_ms'
    from tests.event('reply_sent')
  $$,
  $$
    select id, 'system', true, jsonb_build_object(
      'seq', 2, 'attempt', 1, 'turn_id', turn_id,
      'message_sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'delivery_status', 'queued'
    )
    from tests.outbound(1)
  $$,
  'the record names both'
);
select is(
  ((tests.event('reply_sent')).output_redacted ->> 'waited_ms')::integer between 60000 and 90000,
  true,
  'and says how long the customer had waited'
);

select * from finish();
rollback;
