begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
create temp table owner as select public.claim_send(tests.conversation()) as claim;
select public.record_send(
  (claim ->> 'message_id')::uuid, 1, 'handed_over', 'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'sent'
) from owner;
select tests.take_over('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Hi', '0 seconds');
select tests.alerts();

-- TEST
select is(
  (select public.record_delivery_status(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'read', (claim ->> 'message_id')::uuid
  ) from owner),
  '{"outcome": "doubled"}', 'Twilio made two of one of ours'
);
select ok(tests.alert('message_doubled') is not null, 'somebody is told');
select is(
  public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'read'), '{"outcome": "recorded"}',
  'a callback that names nobody is the other system''s'
);

select * from finish();
rollback;
