begin;
select plan(3);

-- SETUP
select tests.receive('Hello');
update public.cc_settings set retention_days = 30 where id;
with turn as (
  insert into public.cc_turns (conversation_id, state, created_at, claimed_at, finished_at)
  select tests.conversation(), 'answered', now(), now(), now() from generate_series(1, 2000)
  returning id, conversation_id
)
insert into public.cc_messages (
  conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address,
  body_text, send_state, created_at, erased_at
)
select conversation_id, 1000 + row_number() over (), id, 'outbound', 'twilio', tests.next_sid(),
  tests.business(), tests.customer(), 'Hi', 'handed_over',
  now() - interval '31 days' * (row_number() over () % 2), case when row_number() over () % 2 = 1 then now() end
from turn;
insert into public.cc_customers (id) select gen_random_uuid() from generate_series(1, 2000);
analyze public.cc_turns, public.cc_messages, public.cc_customers, public.cc_rejected_webhooks;
create function pg_temp.reads() returns table (relation name, full_scans bigint, read_rows bigint) language sql
as $$
  select relname, seq_scan, seq_tup_read + idx_tup_fetch
  from pg_stat_xact_user_tables
  where schemaname = 'public' and relname in ('cc_messages', 'cc_turns', 'cc_customers', 'cc_media')
$$;
create temp table before as select * from pg_temp.reads();

-- TEST
select is(cc_private.remove_expired() ->> 'messages', '0', 'nothing is too old');
select set_eq('select * from pg_temp.reads()', 'select * from before', 'and no row was read to know it');
select count(*) from public.cc_messages where error_code is null;
select set_hasnt(
  'select * from pg_temp.reads()', $$ select * from before where relation = 'cc_messages' $$,
  'this test knows one that was'
);

select * from finish();
rollback;
