begin;
select plan(2);

-- SETUP
create temp table message as select (tests.receive('Hello')).id;
create function pg_temp.complete() returns void language sql
as $$
  update public.cc_messages
  set body_json = '{"kind": "image", "media": [{"url": "https://api.twilio.com/x", "content_type": "image/png"}]}'
  where id = (select id from message)
$$;
create function pg_temp.files() returns bigint language sql
as $$ select count(*) from public.cc_media where message_id = (select id from message) $$;

-- TEST
select pg_temp.complete();
select is(pg_temp.files(), 1::bigint, 'a richer payload that comes later lists files');
select pg_temp.complete();
select is(pg_temp.files(), 1::bigint, 'each of them is noted once');

select * from finish();
rollback;
