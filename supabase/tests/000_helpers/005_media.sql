-- The steps of a message's files.

begin;

-- A message with these files, the first at position 0.
create function tests.receive_media(variadic content_types text[] default array['image/jpeg'])
returns uuid language sql volatile
as $$
  select message_id
  from public.ingest_inbound_message(
    provider_message_id => tests.next_sid(),
    from_address => tests.customer(),
    to_address => tests.business(),
    body_text => '[Media message - no text]',
    body_json => jsonb_build_object('kind', 'image', 'media', (
      select jsonb_agg(jsonb_build_object(
        'url', 'https://api.twilio.com/media/' || content_type, 'content_type', content_type
      ))
      from unnest(content_types) as content_type
    ))
  )
$$;

-- The file of the newest claim.
create function tests.claim_media()
returns jsonb language sql volatile
as $$ select public.claim_media(1) -> 0 $$;

create function tests.record_media(claim jsonb, outcome text, error_code text default null)
returns text language sql volatile
as $$
  select public.record_media(
    (claim ->> 'media_id')::uuid, (claim ->> 'attempt')::integer, outcome,
    byte_size => case when outcome = 'stored' then 5 end,
    content_type => case when outcome = 'stored' then 'image/png' end,
    error_code => record_media.error_code
  ) ->> 'outcome'
$$;

create function tests.media_due()
returns void language sql volatile
as $$
  update public.cc_media as media
  set due_at = clock_timestamp() - interval '1 second'
  where media.due_at is not null
$$;

select plan(1);
select has_function('tests'::name, 'receive_media'::name);
select * from finish();
commit;
