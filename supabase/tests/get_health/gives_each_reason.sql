begin;
select plan(6);

-- SETUP
select tests.orchestrator();
select tests.sync();
select tests.media();
update cc_private.heartbeats set beat_at = clock_timestamp() where name = 'sweep';
update public.cc_settings set trigger_failures_alert_count = 1 where id;
create function pg_temp.reasons() returns text language sql
as $$
  select string_agg(reason ->> 'kind', ', ') from jsonb_array_elements(public.get_health() -> 'reasons') as reason
$$;

-- TEST
select tests.receive('Hello');
update public.cc_turns set created_at = clock_timestamp() - interval '6 minutes' where id = (tests.turn('pending')).id;
select is(pg_temp.reasons(), 'customer_unanswered', 'a customer waits');

select tests.uncertain_send('Hi', interval '16 minutes');
select is(pg_temp.reasons(), 'sends_uncertain', 'answered, but is it sent?');

update public.cc_messages set send_state = 'refused', send_lease_until = null where id = (tests.outbound(1)).id;
select public.record_rejected_webhook('from_missing', '{}', 'signature of tests');
select is(pg_temp.reasons(), 'webhooks_rejected', 'a webhook was not understood');

select vault.update_secret(id, new_secret => 'not a url') from vault.secrets where name = 'orchestrator_url';
select tests.receive('And this?');
select is(pg_temp.reasons(), 'trigger_failures, webhooks_rejected', 'the orchestrator is not reached');

update cc_private.heartbeats set beat_at = clock_timestamp() - interval '61 seconds' where name = 'sweep';
select is(
  pg_temp.reasons(), 'sweep_stopped, trigger_failures, webhooks_rejected', 'the sweep does not run'
);
delete from vault.secrets where name ~ '^(orchestrator|sync|media)_(url|key)$';
select is(
  pg_temp.reasons(),
  'secret_missing, secret_missing, secret_missing, secret_missing, secret_missing, secret_missing, sweep_stopped, trigger_failures, webhooks_rejected',
  'secrets are missing'
);

select * from finish();
rollback;
