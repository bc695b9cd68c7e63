begin;
select plan(4);

-- SETUP
-- A service with a past: 2,000 answered messages, their answers, their files and their record.
select tests.orchestrator();
select tests.receive('Hello');
select tests.answer_in_the_past(2000);
insert into public.cc_media (
  message_id, position, url, content_type, state, due_at, storage_path, byte_size, finished_at
)
select message.id, 0, 'https://api.twilio.test/media', 'image/jpeg', 'stored', null, 'path', 1, now()
from public.cc_messages as message;
insert into public.cc_audit_logs (
  conversation_id, actor_type, event_type, input_redacted, output_redacted, success, created_at,
  previous_hash, hash
)
select tests.conversation(), 'system', 'turn_answered', '{}', '{}', true, now() - interval '1 day', '\x', '\x'
from generate_series(1, 2000);
insert into public.cc_rejected_webhooks (provider, reason, parameters, signature, created_at)
select 'twilio', 'from_missing', '{}', 'signature of tests ' || number, now() - interval '1 day'
from generate_series(1, 2000) as number;
insert into public.cc_customers (id) select gen_random_uuid() from generate_series(1, 2000);
analyze public.cc_turns, public.cc_messages, public.cc_media, public.cc_audit_logs,
  public.cc_rejected_webhooks, public.cc_customers;
create function pg_temp.full_scans() returns table (relation name, times bigint) language sql
as $$
  select relname, seq_scan
  from pg_stat_xact_user_tables
  where schemaname = 'public' and relname like 'cc\_%' and relname <> 'cc_settings'
$$;
create temp table before as select * from pg_temp.full_scans();

-- TEST
select is(current_setting('enable_seqscan'), 'on', 'nobody is helped to find an index');
select cc_private.sweep();
select set_eq(
  'select * from pg_temp.full_scans()', 'select * from before',
  'an idle sweep goes through its indexes alone'
);
select public.get_health();
select set_eq('select * from pg_temp.full_scans()', 'select * from before', 'so does the health check');

select count(*) from public.cc_turns where silent_reason is null;
select set_hasnt(
  'select * from pg_temp.full_scans()', $$ select * from before where relation = 'cc_turns' $$,
  'this test knows one that does not'
);

select * from finish();
rollback;
