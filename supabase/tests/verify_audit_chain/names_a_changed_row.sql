begin;
select plan(3);

-- SETUP
select tests.receive('One');
select cc_private.append_audit(
  tests.conversation(), cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
);

-- TEST
select results_eq(
  $test$
    select change, tests.problem_after(
      format('update public.cc_audit_logs set %s where id = %s', change, tests.audit_row(3))
    )
    from unnest(array[
      'message_id = null', 'actor_type = ''human''', 'event_type = ''turn_failed''',
      'input_redacted = ''{"seq": 2}''', 'output_redacted = ''[]''', 'success = false, error_code = ''x''',
      'success = false, error_code = ''x'', error_message = ''x''',
      'created_at = created_at + interval ''1 microsecond''', 'created_at = ''infinity''',
      'created_at = ''294276-12-31''', 'previous_hash = ''\x00''', 'hash = ''\x00'''
    ]) as change
  $test$,
  $test$
    select change, 'changed 3'
    from unnest(array[
      'message_id = null', 'actor_type = ''human''', 'event_type = ''turn_failed''',
      'input_redacted = ''{"seq": 2}''', 'output_redacted = ''[]''', 'success = false, error_code = ''x''',
      'success = false, error_code = ''x'', error_message = ''x''',
      'created_at = created_at + interval ''1 microsecond''', 'created_at = ''infinity''',
      'created_at = ''294276-12-31''', 'previous_hash = ''\x00''', 'hash = ''\x00'''
    ]) as change
  $test$,
  'whatever was changed in it'
);
select is(
  tests.problem_after($$
    update public.cc_audit_logs set actor_type = 'human' where id = tests.audit_row(3);
    select tests.rehash(tests.audit_row(3));
  $$),
  'changed 3', 'also when it has a hash that suits it'
);
select is(
  tests.problem_after($$
    update public.cc_audit_logs set id = nextval('public.cc_audit_logs_id_seq') where id = tests.audit_row(5)
  $$),
  'changed new', 'its number is part of it'
);

select * from finish();
rollback;
