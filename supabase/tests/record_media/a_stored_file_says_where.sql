begin;
select plan(4);

-- SETUP
create temp table message as select tests.receive_media() as id;
create temp table held as select tests.claim_media() as claim;

-- TEST
select is(tests.record_media(claim, 'stored'), 'stored', 'it is stored') from held;
select results_eq(
  $$ select state, byte_size, content_type, storage_path, error_code, finished_at is not null from public.cc_media $$,
  $$
    select 'stored', 5, 'image/png', format('%s/%s/0', tests.conversation(), id), null::text, true
    from message
  $$,
  'where, how large, and as what it came'
);
select is(tests.record_media(claim, 'stored'), 'stored', 'saying it again is no error') from held;
select is(
  tests.record_media(claim, 'failed', 'late'), 'lease_lost', 'and nothing takes it back'
)
from held;

select * from finish();
rollback;
