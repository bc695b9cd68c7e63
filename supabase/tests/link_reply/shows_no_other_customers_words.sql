begin;
select plan(2);

-- SETUP
create temp table theirs as select * from tests.receive_as('whatsapp:+15005550101', body => 'My secret');
create temp table reply as select * from tests.receive_as(
  'whatsapp:BR.PGTAP1', parameters => jsonb_build_object('OriginalRepliedMessageSid', (select provider_message_id from theirs))
);

-- TEST
select is((select replied_to_message_id from reply), null, 'another customer''s message is not linked');
select tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);
select is(
  (tests.receive_as('whatsapp:BR.PGTAP1', parameters => jsonb_build_object(
    'OriginalRepliedMessageSid', (select provider_message_id from theirs)
  ))).replied_to_message_id,
  (select id from theirs), 'once both are one customer it is'
);

select * from finish();
rollback;
