begin;
select plan(2);

-- SETUP
select tests.receive('Hello');

-- TEST
select throws_ok(
  $$ update public.cc_audit_logs set success = true where conversation_id = tests.conversation() $$,
  'SB001',
  'Cannot update cc_audit_logs: the audit is append-only',
  'the audit knows no update, whoever asks'
);
select is(cardinality(tests.events()), 3, 'every event stays');

select * from finish();
rollback;
