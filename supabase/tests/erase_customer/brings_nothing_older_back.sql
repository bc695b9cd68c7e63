begin;
select plan(9);

-- SETUP
select tests.receive('My secret');
create temp table who as
select customer_id from public.cc_conversations where id = tests.conversation();
select public.erase_customer(customer_id) from who;
create function pg_temp.take(sid text, inbound_at timestamptz, signature text default null)
returns table (conversation_id uuid, message_id uuid, is_new_message boolean) language sql
as $$
  select * from public.ingest_inbound_message(
    sid, tests.customer(), tests.business(), 'My older secret', signature => signature, inbound_at => inbound_at
  )
$$;

-- TEST
select results_eq(
  $$ select * from pg_temp.take('SMa', now() - interval '1 hour', 'its signature') $$,
  'select cc_private.nil_id(), cc_private.nil_id(), false', 'what Twilio dates before the erasure is dropped'
);
select is(tests.conversation(), null, 'and makes no conversation');
select results_eq(
  $$ select is_new_message, message_id from pg_temp.take('SMa', null) $$,
  'select false, cc_private.nil_id()', 'its late webhook, which has no time, is known by its id'
);
select results_eq(
  $$ select is_new_message, message_id from pg_temp.take('SMb', null, 'its signature') $$,
  'select false, cc_private.nil_id()', 'and by its signature'
);
select is_empty($$ select id from public.cc_messages where body_text like '%secret%' $$, 'nothing was kept');
select results_eq(
  $$ select count(*)::integer from public.cc_audit_logs where error_code = 'customer_erased' $$,
  'values (1)', 'it is recorded, once'
);

select results_eq(
  $$ select is_new_message from pg_temp.take('SMc', now() + interval '1 minute') $$, 'values (true)',
  'what is newer is a message like any other'
);
select isnt(
  (select customer_id from public.cc_conversations where id = tests.conversation()),
  (select customer_id from who), 'of somebody new'
);
select is_empty(
  $$
    select id from public.cc_customers
    where id = (select customer_id from public.cc_customer_addresses where address = tests.customer())
      and (name is not null or opted_out_at is not null)
  $$,
  'about whom nothing is known'
);

select * from finish();
rollback;
