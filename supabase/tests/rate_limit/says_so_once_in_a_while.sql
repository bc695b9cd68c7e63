begin;
select plan(5);

-- SETUP
select tests.orchestrator();
update public.cc_settings
set customer_burst_messages = 1, customer_messages_per_minute = 1, rate_limit_notice_text = 'A moment, please.',
  rate_limit_notice_minutes = 10
where id;
create function pg_temp.notices() returns bigint language sql
as $$
  select count(*) from public.cc_messages
  where conversation_id = tests.conversation() and body_json ->> 'kind' = 'notice'
$$;
select tests.receive('One');
create temp table limited as select * from tests.receive('Two');

-- TEST
select results_eq(
  $$ select body_text, send_state, turn_id, seq from tests.outbound(1) $$,
  $$ select 'A moment, please.', 'ready', null::uuid, seq + 1 from limited $$, 'the customer is told'
);
select tests.receive('Three');
select is(pg_temp.notices(), 1::bigint, 'once');
update public.cc_customers set rate_limit_notified_at = clock_timestamp() - interval '9 minutes'
where rate_limit_notified_at is not null;
select tests.receive('Four');
select is(pg_temp.notices(), 1::bigint, 'in rate_limit_notice_minutes');
update public.cc_customers set rate_limit_notified_at = clock_timestamp() - interval '11 minutes'
where rate_limit_notified_at is not null;
select tests.receive('Five');
select is(pg_temp.notices(), 2::bigint, 'and again after that');
select is(
  (select array_agg(seq order by seq) from public.cc_messages where conversation_id = tests.conversation()),
  '{1, 2, 3, 4, 5, 6, 7}', 'messages and notices are numbered without a gap'
);

select * from finish();
rollback;
