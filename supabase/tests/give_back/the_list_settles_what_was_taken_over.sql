begin;
select plan(5);

-- SETUP
select tests.reply('Hi');
create temp table owner as select public.claim_send(tests.conversation()) as claim;
-- Taken over while nobody could know: as if our send had been settled as absent.
update public.cc_messages set send_state = 'ready', send_lease_until = null where send_state = 'sending';
select tests.take_over('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Hi', '0 seconds');
update public.cc_messages set send_state = 'sending', send_lease_until = clock_timestamp() + interval '30 seconds'
where send_state = 'ready';
select tests.alerts();

update public.cc_messages set send_state = 'uncertain' where send_state = 'sending';

-- TEST
select is(
  (select public.settle_send((claim ->> 'message_id')::uuid, 1, clock_timestamp(), jsonb_build_array(
    jsonb_build_object(
      'sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'body', 'Hi', 'status', 'sent', 'date_created', clock_timestamp()
    )
  )) from owner),
  '{"outcome": "found"}', 'Twilio''s list shows it'
);
select results_eq(
  $$ select send_state, provider_message_id from tests.outbound(1) $$,
  $$ values ('handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') $$, 'it is ours'
);
select results_eq(
  $$ select send_state, provider_message_id, error_code, seq from tests.outbound(2) $$,
  $$ values ('refused', null, 'owner_found', 3::bigint) $$, 'the other row gives it back and stays where it was'
);
select is((tests.event('message_given_back')).output_redacted ->> 'seq', '3', 'which is on record');
select is(tests.alert('message_doubled'), null, 'nothing was doubled');

select * from finish();
rollback;
