begin;
select plan(3);

-- SETUP
select tests.receive('Hello', customer_address => format('whatsapp:+1500555010%s', number)) from generate_series(1, 5) as number;
select public.record_rejected_webhook('from_missing', '{}', 'signature of tests');
alter table public.cc_audit_logs disable trigger refuse_audit_change;
create temp table broken as
select tests.conversation(format('whatsapp:+1500555010%s', number)) as id from generate_series(2, 4) as number;
update public.cc_audit_logs as entry set actor_type = 'human'
from broken where entry.conversation_id = broken.id;
update public.cc_audit_logs set actor_type = 'human' where conversation_id is null;

-- TEST
create temp table answer as select public.verify_audit_chain() as said;
select is(said ->> 'outcome', 'broken', 'it does not stop at the first') from answer;
select is((said ->> 'problem_count')::integer, 4, 'and counts each chain once') from answer;
select set_eq(
  $$ select problem ->> 'chain_id', (problem ->> 'row_id')::bigint from answer, jsonb_array_elements(said -> 'problems') as problem $$,
  $$
    select coalesce(entry.conversation_id, '00000000-0000-0000-0000-000000000000')::text, min(entry.id)
    from public.cc_audit_logs as entry
    where entry.conversation_id is null or entry.conversation_id in (select id from broken)
    group by entry.conversation_id
  $$,
  'with its first broken row'
);

select * from finish();
rollback;
