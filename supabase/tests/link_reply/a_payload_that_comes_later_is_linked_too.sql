begin;
select plan(1);

-- SETUP
create temp table earlier as select * from tests.receive_as('whatsapp:+15005550101', body => 'Which day?');
create temp table reply as select * from tests.receive_as('whatsapp:+15005550101', body => 'Monday');
update public.cc_messages as message
set body_json = jsonb_build_object('kind', 'text', 'parameters', jsonb_build_object(
  'OriginalRepliedMessageSid', (select provider_message_id from earlier)
))
where message.id = (select id from reply);

-- TEST
select is(
  (select replied_to_message_id from public.cc_messages where id = (select id from reply)),
  (select id from earlier), 'the link comes with the payload'
);

select * from finish();
rollback;
