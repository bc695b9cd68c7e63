begin;
select plan(2);

-- SETUP
select tests.receive('Hello');

-- TEST
select throws_ok(
  $$ delete from public.cc_audit_logs where conversation_id = tests.conversation() $$,
  'SB001',
  'Cannot delete cc_audit_logs: the audit is append-only',
  'the audit knows no delete, whoever asks'
);
select is(cardinality(tests.events()), 3, 'every event stays');

select * from finish();
rollback;
