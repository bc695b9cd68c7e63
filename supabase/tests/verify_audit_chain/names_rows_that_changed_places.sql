begin;
select plan(5);

-- SETUP
select tests.receive('One');
select cc_private.append_audit(
  tests.conversation(), cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
);

-- TEST
create function pg_temp.swap(one bigint, other bigint) returns void language sql
as $$
  update public.cc_audit_logs set id = 0 where id = one;
  update public.cc_audit_logs set id = one where id = other;
  update public.cc_audit_logs set id = other where id = 0;
$$;
select is(
  tests.problem_after('select pg_temp.swap(tests.audit_row(2), tests.audit_row(3))'), 'out_of_order 2',
  'two neighbours'
);
select is(
  tests.problem_after('select pg_temp.swap(tests.audit_row(2), tests.audit_row(5))'), 'out_of_order 2',
  'two that stand apart'
);
select is(
  tests.problem_after('select pg_temp.swap(tests.audit_row(1), tests.audit_row(5))'), 'out_of_order 1',
  'the first and the last'
);
select tests.receive('Two', customer_address => 'whatsapp:+15005550198');
create temp table other as select tests.conversation('whatsapp:+15005550198') as id;
create function pg_temp.move() returns void language sql
as $$
  update public.cc_audit_logs as entry set conversation_id = other.id
  from other where entry.id = tests.audit_row(3)
$$;
select is(tests.problem_after('select pg_temp.move()'), 'removed 4', 'a row is missed where it was');
select is(
  tests.problem_after('select pg_temp.move()', verified => id), 'inserted 3',
  'and found in the conversation that it was moved to'
)
from other;

select * from finish();
rollback;
