begin;
select plan(4);

-- SETUP
select tests.receive_media();
update public.cc_settings set max_media_failures = 2 where id;
create temp table zombie as select tests.claim_media() as claim;
select tests.media_due();

-- TEST
select is(tests.claim_media() ->> 'attempt', '2', 'its worker did not come back: another takes it');
select is(
  tests.record_media(claim, 'stored'), 'lease_lost', 'and the one who comes late decides nothing'
)
from zombie;
select tests.media_due();
select is(tests.claim_media(), null, 'what kills every worker is handed out no more');
select results_eq(
  $$ select state, failure_count, error_code, due_at from public.cc_media $$,
  $$ values ('failed', 2, 'lease_expired', null::timestamptz) $$,
  'it is given up, and says why'
);

select * from finish();
rollback;
