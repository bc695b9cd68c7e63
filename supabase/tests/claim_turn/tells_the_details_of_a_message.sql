begin;
select plan(3);

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

select * from finish();
rollback;
