begin;
select plan(7);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello', signature => 'of a message');
select * from public.record_rejected_webhook('from_missing', '{}', 'of a rejected webhook');
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'sent', signature => 'of a callback');
create function pg_temp.ingest(signature text)
returns bigint
language sql
as $$
  select count(*) from public.ingest_inbound_message(
    tests.next_sid(), 'whatsapp:+15005550177', tests.business(), 'Carved out', signature => signature
  )
$$;
create temp table before as
select tests.outbound(1) as message, (select max(id) from public.cc_audit_logs) as audit_id;

-- TEST
select throws_ok($$ select pg_temp.ingest('of a rejected webhook') $$, 'SB005', null, 'a rejected webhook is no message');
select throws_ok($$ select pg_temp.ingest('of a callback') $$, 'SB005', null, 'nor is a status callback');
select throws_ok(
  $$ select public.record_rejected_webhook('from_missing', '{}', 'of a message') $$, 'SB005', null,
  'a message is not kept once more as rejected'
);
select is(
  public.record_delivery_status(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'read', signature => 'of a message'
  ) ->> 'outcome',
  'no_news', 'and is no status'
);
select is(
  public.record_delivery_status(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'read', signature => 'of a callback'
  ) ->> 'outcome',
  'no_news', 'another status carved out of the bytes of a callback is none'
);
select is(tests.outbound(1), (select message from before), 'the message stays as it is');
select is((select max(id) from public.cc_audit_logs), (select audit_id from before), 'and nothing is recorded');

select * from finish();
rollback;
