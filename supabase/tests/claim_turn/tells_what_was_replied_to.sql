begin;
select plan(3);

-- SETUP
create temp table earlier as
select * from tests.receive_as('whatsapp:+15005550101', body => repeat('x', 1500));
create temp table reply as select * from tests.receive_as(
  'whatsapp:+15005550101', body => 'That one',
  parameters => jsonb_build_object('OriginalRepliedMessageSid', (select provider_message_id from earlier))
);
create temp table claim as
select tests.claim((select conversation_id from earlier)) -> 'messages' as messages;

-- TEST
select is(
  (select messages #> '{1,replied_to}' from claim),
  jsonb_build_object('seq', 1, 'direction', 'inbound', 'text', repeat('x', 1000)),
  'the agent sees the beginning of the message replied to'
);
select is((select messages #> '{0,replied_to}' from claim), 'null', 'and null where there is none');
select is((select messages #> '{0,details}' from claim), '{}', 'a plain text has no details');

select * from finish();
rollback;
