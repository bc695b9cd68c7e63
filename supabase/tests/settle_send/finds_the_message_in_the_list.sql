begin;
select plan(5);

-- SETUP
select tests.orchestrator();
create temp table doubt as select tests.uncertain_send('Hi') as id;
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select is(
  (
    select public.settle_send(id, 1, clock_timestamp(), jsonb_build_array(
      jsonb_build_object(
        'sid', 'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'body', 'Bye', 'status', 'sent',
        'date_created', now()
      ),
      jsonb_build_object(
        'sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'body', 'Hi', 'status', 'delivered',
        'date_created', now()
      )
    ))
    from doubt
  ),
  '{"outcome": "found"}', 'an unknown message with this body, made since the claim, is this one'
);
select results_eq(
  $$ select send_state, provider_message_id, delivery_status, send_lease_until from tests.outbound(1) $$,
  $$ values ('handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'delivered', null::timestamptz) $$,
  'Twilio has it'
);
select is(
  (tests.event('reply_sent')).output_redacted ->> 'message_sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'the record names it'
);
select is((select count(*) from tests.rings()), (select times from rung), 'with nothing behind it nobody is rung');
select is(
  (select public.settle_send(id, 1, clock_timestamp(), '[]') from doubt),
  '{"outcome": "settled_already"}', 'settling again changes nothing'
);

select * from finish();
rollback;
