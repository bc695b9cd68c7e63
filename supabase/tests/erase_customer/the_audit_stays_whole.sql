begin;
select plan(4);

-- SETUP
select tests.reply('Hi');
create temp table who as
select id, customer_id from public.cc_conversations where id = tests.conversation();
create temp table before as select entry.* from public.cc_audit_logs as entry;
select public.erase_customer(customer_id) from who;
select public.erase_customer(customer_id) from who;

-- TEST
select is_empty(
  'select * from before except select * from public.cc_audit_logs', 'no row of it has changed'
);
select is_empty(
  'select id from public.cc_audit_logs as entry where entry.hash <> cc_private.audit_hash(entry)',
  'each hash is its row''s'
);
select results_eq(
  $$
    select count(*)::integer, bool_and(conversation_id = (select id from who))
    from public.cc_audit_logs where event_type = 'customer_erased'
  $$,
  'values (1, true)', 'that the customer was erased is recorded, once'
);
select results_eq(
  $$
    select chain.head from cc_private.audit_chains as chain join who using (id)
  $$,
  $$
    select hash from public.cc_audit_logs
    where conversation_id = (select id from who) order by id desc limit 1
  $$,
  'at the end of the chain'
);

select * from finish();
rollback;
