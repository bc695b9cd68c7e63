begin;
select plan(3);

-- SETUP
create function pg_temp.kinds() returns setof text language sql
as $$ select kind from cc_private.troubles() where kind = 'media_failed' $$;

-- TEST
select tests.receive_media('image/jpeg', 'image/png');
select tests.record_media(tests.claim_media(), 'failed', 'too_large');
select is_empty('select * from pg_temp.kinds()', 'what a customer should not have sent is no trouble');
select tests.record_media(tests.claim_media(), 'failed', 'host_not_allowed');
update public.cc_media set finished_at = now() where finished_at is not null;
select results_eq('select * from pg_temp.kinds()', array['media_failed'], 'what we could not fetch is one');
update public.cc_media set finished_at = now() - interval '11 minutes' where finished_at is not null;
select is_empty('select * from pg_temp.kinds()', 'for ten minutes');

select * from finish();
rollback;
