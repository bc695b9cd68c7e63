begin;
select plan(6);

-- SETUP
select tests.receive_media();
update public.cc_settings set max_media_failures = 2 where id;

-- TEST
select is(tests.record_media(tests.claim_media(), 'postponed', 'http_404'), 'postponed', 'not yet there');
select results_eq(
  $$ select state, failure_count, error_code, due_at > clock_timestamp() from public.cc_media $$,
  $$ values ('waiting', 1, 'http_404', true) $$,
  'it waits, and says why'
);
select is(public.claim_media(1), '[]', 'nobody takes it before its time');
select tests.media_due();
select is(tests.record_media(tests.claim_media(), 'postponed', 'http_404'), 'failed', 'until its failures are used up');
select results_eq(
  $$ select state, failure_count, error_code, due_at, finished_at is not null from public.cc_media $$,
  $$ values ('failed', 2, 'http_404', null::timestamptz, true) $$,
  'then it is given up'
);
select is(public.claim_media(1), '[]', 'for good');

select * from finish();
rollback;
