begin;
select plan(4);

-- SETUP
select tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', name => 'Ana');
create function pg_temp.versions()
returns table (object text, version text)
language sql
as $$
  select 'message', concat_ws(' ', ctid, xmin, xmax) from public.cc_messages
  union all select 'conversation', concat_ws(' ', ctid, xmin, xmax) from public.cc_conversations
  union all select 'turn', concat_ws(' ', ctid, xmin, xmax) from public.cc_turns
  union all select 'customer', concat_ws(' ', ctid, xmin, xmax) from public.cc_customers
  union all select 'address', concat_ws(' ', ctid, xmin, xmax) from public.cc_customer_addresses
  union all select 'audit', concat_ws(' ', ctid, xmin, xmax) from public.cc_audit_logs
  union all select 'chain', concat_ws(' ', ctid, xmin, xmax) from cc_private.audit_chains
$$;
create function pg_temp.repeat()
returns boolean
language sql
as $$
  select is_new_message
  from public.ingest_inbound_message(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), 'whatsapp:+15005550101', 'Hello',
    customer_name => 'Another name'
  )
$$;
create temp table before as select * from pg_temp.versions();

-- TEST
select lives_ok(
  $$ select tests.read_only('select pg_temp.repeat()') $$,
  'a repeat succeeds where nothing may be written and no row be locked'
);
select throws_ok(
  $$ select tests.read_only('select tests.receive()') $$,
  '25006',
  null,
  'where a new message would not'
);
select is(pg_temp.repeat(), false, 'a repeat succeeds');
select bag_eq(
  'select * from pg_temp.versions()',
  'select * from before',
  'and leaves every row''s version and lock as they were'
);

select * from finish();
rollback;
