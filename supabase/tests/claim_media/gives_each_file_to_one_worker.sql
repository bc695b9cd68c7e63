begin;
select plan(5);

-- SETUP
create temp table message as select tests.receive_media('image/jpeg', 'audio/ogg', 'video/mp4') as id;
create temp table first as select public.claim_media(2) as claim;

-- TEST
select is(jsonb_array_length((select claim from first)), 2, 'no more than asked for');
select is(
  (select claim #- '{0, media_id}' -> 0 from first),
  (
    select jsonb_build_object(
      'attempt', 1, 'url', 'https://api.twilio.com/media/image/jpeg', 'content_type', 'image/jpeg',
      'storage_path', format('%s/%s/0', tests.conversation(), message.id)
    )
    from message
  ),
  'with where it is, what it is said to be and where it belongs'
);
select is(jsonb_array_length(public.claim_media(5)), 1, 'the rest goes to the next worker');
select is(public.claim_media(5), '[]', 'and then there is nothing');
select results_eq(
  'select distinct state from public.cc_media where message_id = (select id from message)',
  array['fetching'], 'all are being fetched'
);

select * from finish();
rollback;
