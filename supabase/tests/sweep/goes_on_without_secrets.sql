begin;
select plan(3);

-- SETUP
select tests.uncertain_send();
select tests.receive('Hello');
select tests.claim();
select tests.expire_leases();
delete from vault.secrets where name is not null;

-- TEST
select lives_ok('select cc_private.sweep()', 'without a word in Vault the sweep goes on');
select is((tests.turn('retrying')).failure_count, 1, 'leases end all the same');
select results_eq(
  'select step, row_id, error_code from cc_private.sweep_errors',
  $$ values ('ring_sync', null::uuid, 'SB002') $$,
  'that the sync cannot be called is kept'
);

select * from finish();
rollback;
