begin;
select plan(5);

-- SETUP
select tests.receive('One');
select cc_private.append_audit(
  tests.conversation(), cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
);

-- TEST
select results_eq(
  $test$
    select tests.problem_after(format('delete from public.cc_audit_logs where id = %s', tests.audit_row(number)))
    from generate_series(1, 5) as number
  $test$,
  $$ values ('removed 2'), ('removed 3'), ('removed 4'), ('removed 5'), ('end_removed 4') $$,
  'any row'
);
select is(
  tests.problem_after('delete from public.cc_audit_logs where id between tests.audit_row(2) and tests.audit_row(4)'),
  'removed 5', 'some rows'
);
select is(
  tests.problem_after('delete from public.cc_audit_logs where conversation_id = tests.conversation()'),
  'end_removed', 'all rows of a conversation'
);
select is(tests.problem_after('truncate public.cc_audit_logs'), 'end_removed', 'all rows');
select is(
  tests.problem_after('truncate public.cc_audit_logs', null), 'end_removed',
  'also when everything is verified'
);

select * from finish();
rollback;
