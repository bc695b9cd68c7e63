begin;
select plan(4);

-- SETUP
select tests.receive('One');
select tests.reply('Hi', 'there');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'refused', error_code => '63016');
create temp table chain as
select entry, lag(entry.hash, 1, '\x') over (order by entry.id) as expected_previous_hash
from public.cc_audit_logs as entry
where entry.conversation_id = tests.conversation();

-- TEST
select is_empty(
  'select (entry).id from chain where (entry).hash <> cc_private.audit_hash(entry)',
  'each row''s hash is the hash of what the row says'
);
select is_empty(
  'select (entry).id from chain where (entry).previous_hash <> expected_previous_hash',
  'and each row is bound to the one before'
);
select results_eq(
  'select head, row_count from cc_private.audit_chains where id = tests.conversation()',
  $$
    select (entry).hash, (select count(*) from chain)
    from chain
    order by (entry).id desc
    limit 1
  $$,
  'the chain knows its last row and how many there are'
);
select cmp_ok((select count(*) from chain), '>', 8::bigint, 'there is something to verify');

select * from finish();
rollback;
