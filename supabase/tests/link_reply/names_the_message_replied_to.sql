begin;
select plan(4);

-- SETUP
create temp table earlier as select * from tests.receive_as('whatsapp:+15005550101', body => 'Which day?');
create temp table reply as select * from tests.receive_as(
  'whatsapp:+15005550101', body => 'Monday',
  parameters => jsonb_build_object('OriginalRepliedMessageSid', (select provider_message_id from earlier))
);

-- TEST
select is((select replied_to_message_id from reply), (select id from earlier), 'a reply names the message');
select is((select replied_to_message_id from earlier), null, 'no other message does');
select is(
  (tests.receive_as('whatsapp:+15005550101', parameters => '{"OriginalRepliedMessageSid": "SM00000000000000000000000000000000"}'))
    .replied_to_message_id,
  null, 'nor a reply to what we do not have'
);
select is(
  (tests.receive_as('whatsapp:+15005550101', parameters => jsonb_build_object(
    'OriginalRepliedMessageSid', jsonb_build_array((select provider_message_id from earlier), 'x')
  ))).replied_to_message_id,
  (select id from earlier), 'a repeated parameter counts by its first value'
);

select * from finish();
rollback;
