begin;
select plan(9);

-- SETUP
select tests.receive('One');
select cc_private.append_audit(
  tests.conversation(), cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
);

-- TEST
create function pg_temp.after(change text) returns text language sql
as $$
  select tests.problem_after(format('update cc_private.audit_chains set %s where id = tests.conversation()', change))
$$;
select is(pg_temp.after('row_count = row_count + 1'), 'count_mismatch 5', 'more rows than there are');
select is(pg_temp.after('row_count = row_count - 1'), 'count_mismatch 5', 'or fewer');
select is(pg_temp.after($$ head = '\x00' $$), 'head_mismatch 5', 'another head');
select is(
  pg_temp.after('head = (select hash from public.cc_audit_logs where id = tests.audit_row(4))'),
  'head_mismatch 5', 'that of an earlier row'
);
select is(
  tests.problem_after($$
    update public.cc_audit_logs set actor_type = 'human' where id = tests.audit_row(5);
    select tests.rehash(tests.audit_row(5));
  $$),
  'head_mismatch 5', 'a last row that was written anew'
);
select is(
  tests.problem_after('delete from cc_private.audit_chains where id = tests.conversation()'),
  'chain_missing', 'no chain'
);
select is(
  tests.problem_after('delete from cc_private.audit_chains where id = tests.conversation()', null),
  'chain_missing', 'also when everything is verified'
);
select is(
  tests.problem_after(
    $$ delete from cc_private.audit_chains where id = '00000000-0000-0000-0000-000000000000' $$, null
  ),
  'chain_missing', 'no chain for what belongs to no conversation'
);
select is(
  tests.problem_after(
    $$
      delete from public.cc_audit_logs where conversation_id = tests.conversation();
      delete from cc_private.audit_chains where id = tests.conversation();
    $$, null
  ),
  'chain_missing', 'nor any rows'
);

select * from finish();
rollback;
