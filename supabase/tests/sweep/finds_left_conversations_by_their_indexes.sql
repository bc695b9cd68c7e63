begin;
select plan(4);

-- SETUP
-- Many conversations in which nothing is left to do.
with customer as (insert into public.cc_customers (id) select gen_random_uuid() from generate_series(1, 2000) returning id)
insert into public.cc_conversations (customer_id, channel, provider, provider_conversation_id, business_address)
select id, 'whatsapp', 'twilio', 'whatsapp:+0', tests.business() from customer;
analyze public.cc_conversations;
create function pg_temp.reads() returns bigint language sql
as $$
  select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'cc_conversations'
$$;

-- TEST
select matches(
  tests.plan_of($$
    select id from public.cc_conversations
    where handler = 'human' and person_awaited_since <= now() order by person_awaited_since limit 500
  $$),
  'Index.* cc_conversations_person_idx', 'what a person has left'
);
select matches(
  tests.plan_of($$
    select id from public.cc_conversations
    where status = 'active' and idle_check_at <= statement_timestamp() order by idle_check_at limit 500
  $$),
  'Index.* cc_conversations_idle_check_idx', 'what may be idle'
);
create temp table before as select pg_temp.reads() as rows;
select cc_private.return_to_agent(), cc_private.close_idle();
select is(pg_temp.reads(), (select rows from before), 'an idle sweep reads no conversation');
update public.cc_conversations set updated_at = now() - interval '2 days', idle_check_at = now() - interval '1 minute'
where provider_conversation_id = 'whatsapp:+0';
select is(cc_private.close_idle(), 500, 'a sweep closes a bounded number');

select * from finish();
rollback;
