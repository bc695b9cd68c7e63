begin;
select plan(5);

-- SETUP
select tests.media();
create function pg_temp.calls() returns bigint language sql
as $$ select count(*) from tests.requests_to('http://media.test/functions/v1/media') $$;

-- TEST
select cc_private.sweep();
select is(pg_temp.calls(), 0::bigint, 'nobody is rung while no file waits');

select tests.receive_media();
select tests.media_due();
select cc_private.sweep();
select is(pg_temp.calls(), 2::bigint, 'once when it came, and again while it waits');

create temp table held as select tests.claim_media() as claim;
select cc_private.sweep();
select is(pg_temp.calls(), 2::bigint, 'a file that is being fetched is left in peace');
select tests.media_due();
select cc_private.sweep();
select is(pg_temp.calls(), 3::bigint, 'until its lease has ended');
select tests.record_media(claim, 'stored') from held;
select cc_private.sweep();
select is(pg_temp.calls(), 3::bigint, 'a stored one rings for nothing');

select * from finish();
rollback;
