begin;
select plan(4);

-- SETUP
select tests.orchestrator();
with customer as (
  insert into public.cc_customers (id) select gen_random_uuid() from generate_series(1, 510) returning id
),
conversation as (
  insert into public.cc_conversations (customer_id, channel, provider, provider_conversation_id, business_address)
  select id, 'whatsapp', 'twilio', tests.customer(), tests.business() from customer
  returning id
)
insert into public.cc_turns (conversation_id, due_at)
select id, clock_timestamp() - interval '1 hour' from conversation;
create temp table first as select * from public.cc_turns where dispatched_at is null;

-- TEST
select is(cc_private.sweep_limit(), 500, 'pg_net carries about 210 a second');
select is(cc_private.dispatch_due(), 500, 'more than that would only wait in its queue');
select is(
  (select count(*) from public.cc_turns where dispatched_at is null), 10::bigint, 'the others wait'
);
select is(cc_private.dispatch_due(), 10, 'for the next sweep');

select * from finish();
rollback;
