begin;
select plan(5);

-- SETUP
create temp table defaults (like public.cc_settings including defaults);
insert into defaults default values;

-- TEST
select results_eq(
  $$
    select debounce_ms, debounce_max_ms, lease_seconds, max_failures, backoff_base_ms, backoff_max_ms,
      send_lease_seconds, history_messages, retention_days
    from defaults
  $$,
  $$ values (1000, 5000, 60, 5, 2000, 300000, 30, 20, null::integer) $$,
  'a new installation waits, leases and retries'
);
select ok(
  (select debounce_ms <= debounce_max_ms and backoff_base_ms <= backoff_max_ms from defaults),
  'what is longest is longest'
);

select results_eq(
  $$
    select max_send_attempts, settle_grace_seconds, redispatch_seconds, customer_burst_messages,
      customer_messages_per_minute, rate_limit_notice_minutes, turns_per_minute
    from defaults
  $$,
  $$ values (30, 60, 30, 20, 20, 10, 600) $$,
  'settles, rings again and limits'
);
select results_eq(
  $$
    select unanswered_alert_minutes, uncertain_alert_minutes, trigger_failures_alert_count,
      alert_cooldown_minutes
    from defaults
  $$,
  $$ values (5, 15, 10, 15) $$,
  'and says when something is wrong'
);
select results_eq(
  $$
    select sync_min_age_seconds, sync_overlap_minutes, stale_status_minutes, webhooks_missed_alert_count,
      webhooks_missed_alert_minutes, sync_stopped_alert_minutes
    from defaults
  $$,
  $$ values (60, 60, 15, 1, 60, 15) $$,
  'and looks for what no webhook brought'
);

select * from finish();
rollback;
