begin;
select plan(3);

-- SETUP
select tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', signature => 'by the first URL');
-- What Twilio's fallback URL brings has another URL in its signature.
select tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', signature => 'by the fallback URL');

-- TEST
select bag_eq(
  'select signature from cc_private.webhook_signatures',
  $$ values ('by the first URL'), ('by the fallback URL') $$,
  'a repeat under another signature leaves that one'
);
select throws_ok(
  $$
    select * from public.ingest_inbound_message(
      'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', tests.customer(), tests.business(), 'Carved out',
      signature => 'by the fallback URL'
    )
  $$,
  'SB005', null, 'whose bytes make no other message'
);
select is(
  (select count(*) from public.cc_messages where conversation_id = tests.conversation()), 1::bigint,
  'one message is there'
);

select * from finish();
rollback;
