begin;
select plan(3);

-- SETUP
select * from public.ingest_inbound_message(
  tests.next_sid(), tests.customer(), tests.business(), '[Media message - no text]',
  '{
    "kind": "image",
    "media": [
      {"content_type": "image/jpeg", "url": "https://media.test/1"},
      {"content_type": "image/png", "url": "https://media.test/2"}
    ]
  }'
);
select * from public.ingest_inbound_message(
  tests.next_sid(), tests.customer(), tests.business(), 'A message without a kind'
);
select tests.record_media(tests.claim_media(), 'stored');
create temp table claim as select tests.claim() as answer;

-- TEST
select results_eq(
  $$
    select message -> 'kind', message -> 'media_types'
    from claim, jsonb_array_elements(answer -> 'messages') as message
  $$,
  $$ values ('"image"'::jsonb, '["image/jpeg", "image/png"]'::jsonb), ('"unknown"', '[]') $$,
  'the kind of the message and the types of its media'
);
select results_eq(
  $$
    select file ->> 'content_type', file ->> 'byte_size'
    from claim, jsonb_array_elements(answer #> '{messages,0,stored_media}') as file
  $$,
  $$ values ('image/png', '5') $$,
  'which of them are stored by now'
);
select doesnt_match((select answer::text from claim), 'media\.test', 'but not where they lie');

select * from finish();
rollback;
