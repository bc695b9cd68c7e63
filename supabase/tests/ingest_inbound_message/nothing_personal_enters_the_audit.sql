begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('Meet me at 5 Elm Street', name => 'Ana', signature => 'signature of tests');
select tests.reply('We know where you live');
select public.claim_send(tests.conversation());
select public.record_send(
  (tests.outbound(1)).id, 1, 'refused',
  error_code => '63016', error_message => 'Cannot send to ' || tests.customer()
);
create temp table audit as
select string_agg(entry::text, E'\n') as text
from public.cc_audit_logs as entry
where conversation_id = tests.conversation();

-- TEST
select cmp_ok(cardinality(tests.events()), '>', 8, 'all of it is on record');
select doesnt_match(
  (select text from audit),
  'Elm|Ana|live|whatsapp:|15005550|signature of',
  'without a word, a name, an address or a signature'
);

select * from finish();
rollback;
