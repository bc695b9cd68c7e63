begin;
select plan(5);

-- SETUP
create temp table message as select * from tests.receive_as(
  'whatsapp:+15005550101', body => '[Media message - no text]', parameters => jsonb_build_object(
    'Latitude', '-23.5', 'Longitude', '-46.6', 'Label', 'MASP', 'Address', '',
    'ButtonPayload', jsonb_build_array('first', 'second'),
    'FlowData', repeat('f', 1500), 'Unknown', 'x'
  )
);
update public.cc_messages as forwarded
set body_json = forwarded.body_json || '{"forwarded": true, "frequently_forwarded": true}'
where forwarded.id = (select id from message);
create temp table claim as
select tests.claim((select conversation_id from message)) #> '{messages,0,details}' as details;

-- TEST
select is(
  (select details - 'flow' from claim),
  '{"latitude": "-23.5", "longitude": "-46.6", "label": "MASP", "payload": "first", "forwarded": "frequently"}',
  'the agent is told what is known of it, and nothing empty'
);
select is((select length(details ->> 'flow') from claim), 1000, 'in bounds');
select is(
  cc_private.details_for_agent(tests.receive_as('whatsapp:+15005550101')),
  '{}', 'a text has none'
);
select is(
  cc_private.details_for_agent(tests.receive_as('whatsapp:+15005550101', parameters => '{
    "Latitude": "1", "Longitude": "2", "Address": "3", "Label": "4", "ButtonText": "5", "ButtonPayload": "6",
    "ListTitle": "7", "ListId": "8", "FlowData": "9", "InteractiveData": "10", "ReferralHeadline": "11",
    "ReferralBody": "12"
  }')),
  '{
    "latitude": "1", "longitude": "2", "address": "3", "label": "4", "button": "5", "payload": "6",
    "item": "7", "choice": "8", "flow": "9", "interaction": "10", "headline": "11", "advertisement": "12"
  }',
  'each parameter has its name'
);
select tests.receive_as('whatsapp:+15005550101', sid => 'SM1');
update public.cc_messages set body_json = body_json || '{"forwarded": true}' where provider_message_id = 'SM1';
select is(
  cc_private.details_for_agent(tests.message('SM1')), '{"forwarded": "once"}', 'and forwarding alone is told too'
);

select * from finish();
rollback;
