begin;
select plan(3);

-- SETUP
select tests.media();
create function pg_temp.calls() returns setof net.http_request_queue language sql
as $$ select * from tests.requests_to('http://media.test/functions/v1/media') $$;

-- TEST
select tests.receive('Hello');
select is_empty('select from pg_temp.calls()', 'a text rings for no media');

create temp table message as select tests.receive_media('image/jpeg', 'audio/ogg') as id;
select results_eq(
  $$
    select position, url, content_type, state, attempt
    from public.cc_media join message on message.id = message_id
    order by position
  $$,
  $$
    values (0, 'https://api.twilio.com/media/image/jpeg', 'image/jpeg', 'waiting', 0),
      (1, 'https://api.twilio.com/media/audio/ogg', 'audio/ogg', 'waiting', 0)
  $$,
  'each file waits, in the order of the message'
);
select results_eq(
  $$ select headers ->> 'apikey' from pg_temp.calls() $$, array['test-media-key'],
  'one ring for all of them, with a key of its own'
);

select * from finish();
rollback;
