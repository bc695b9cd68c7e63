begin;
select plan(2);

-- SETUP
select public.record_rejected_webhook('from_missing', '{}', 'one signature of tests');
select public.record_rejected_webhook('from_missing', '{}', 'another signature of tests');
create temp table chain as
select entry, lag(entry.hash, 1, '\x') over (order by entry.id) as expected_previous_hash
from public.cc_audit_logs as entry
where entry.conversation_id is null;

-- TEST
select is_empty(
  $$
    select (entry).id
    from chain
    where (entry).hash <> cc_private.audit_hash(entry) or (entry).previous_hash <> expected_previous_hash
  $$,
  'it verifies as any other'
);
select results_eq(
  $$ select head, row_count from cc_private.audit_chains where id = '00000000-0000-0000-0000-000000000000' $$,
  'select (entry).hash, (select count(*) from chain) from chain order by (entry).id desc limit 1',
  'under the nil id'
);

select * from finish();
rollback;
