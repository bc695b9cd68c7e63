begin;
select plan(6);

-- SETUP
select tests.receive('One');
select cc_private.append_audit(
  tests.conversation(), cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
);

-- TEST
create function pg_temp.put_in(id bigint, after bigint, conversation uuid default tests.conversation()) returns void
language sql
as $$
  insert into public.cc_audit_logs (
    id, conversation_id, actor_type, event_type, input_redacted, output_redacted, success, created_at,
    previous_hash, hash
  )
  select put_in.id, conversation, 'system', 'turn_claimed', '{}', '{}', true, now(), coalesce(
    (select entry.hash from public.cc_audit_logs as entry where entry.id = after), '\x'
  ), '\x00'
$$;
-- Room for rows in between.
select setval('public.cc_audit_logs_id_seq', nextval('public.cc_audit_logs_id_seq') + 100);
select cc_private.append_audit(tests.conversation(), cc_private.audit_event('turn_claimed'));
select is(
  tests.problem_after('select pg_temp.put_in(tests.audit_row(6) - 1, tests.audit_row(5))'),
  'inserted new', 'between two'
);
select is(
  tests.problem_after($$
    select pg_temp.put_in(tests.audit_row(6) - 1, tests.audit_row(5));
    select tests.rehash(tests.audit_row(6));
  $$),
  'inserted new', 'also with a hash that suits it'
);
select is(
  tests.problem_after($$
    select pg_temp.put_in(-9223372036854775808, null);
    select tests.rehash(-9223372036854775808);
  $$),
  'inserted new', 'before the first'
);
select is(
  tests.problem_after($$
    select pg_temp.put_in(9223372036854775807, tests.audit_row(6));
    select tests.rehash(9223372036854775807);
  $$),
  'inserted new', 'after the last'
);
select is(
  tests.problem_after($$ select pg_temp.put_in(nextval('public.cc_audit_logs_id_seq'), null, gen_random_uuid()) $$, null),
  'chain_missing', 'into a conversation that never was'
);
select is(
  tests.problem_after(
    $$ select pg_temp.put_in(nextval('public.cc_audit_logs_id_seq'), null, '00000000-0000-0000-0000-000000000000') $$,
    null
  ),
  'inserted new', 'under the id that stands for none'
);

select * from finish();
rollback;
