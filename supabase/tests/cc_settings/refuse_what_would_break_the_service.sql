begin;
select plan(7);

-- SETUP
-- Those of the changes that are taken.
create function pg_temp.taken(variadic changes text[])
returns setof text
language plpgsql
as $$
declare
  change text;
begin
  foreach change in array changes loop
    begin
      execute 'update public.cc_settings set ' || change || ' where id';
      return next change;
    exception when check_violation or not_null_violation then
    end;
  end loop;
end;
$$;

-- TEST
select is_empty(
  $$
    select pg_temp.taken(
      'lease_seconds = 61', 'lease_seconds = 9', 'send_lease_seconds = 61', 'send_lease_seconds = 19'
    )
  $$,
  'a lease leaves time for the work, and ends within a minute'
);
select is_empty(
  $$
    select pg_temp.taken(
      'debounce_ms = 9001', 'debounce_ms = -1', 'max_failures = 0', 'backoff_base_ms = 0',
      'history_messages = -1', 'retention_days = 0', 'max_send_attempts = 0', 'settle_grace_seconds = 0',
      'redispatch_seconds = 0'
    )
  $$,
  'waits, failures and history have bounds'
);
select is_empty(
  $$ select pg_temp.taken('fallback_text = ''''', 'fallback_text = null') $$,
  'a customer is never told nothing'
);

select is_empty(
  $$
    select pg_temp.taken(
      'customer_burst_messages = 0', 'customer_messages_per_minute = 0', 'turns_per_minute = 0',
      'rate_limit_notice_minutes = 0'
    )
  $$,
  'a limit never stops everything'
);
select is_empty(
  $$
    select pg_temp.taken(
      'unanswered_alert_minutes = 0', 'uncertain_alert_minutes = 0', 'trigger_failures_alert_count = 0',
      'alert_cooldown_minutes = -1'
    )
  $$,
  'an alert always has a reason'
);
select is_empty(
  $$
    select pg_temp.taken(
      'opt_out_text = ''''', 'opt_in_text = ''''', 'opt_out_keywords = ''{null}''', 'opt_in_keywords = ''{stop}''',
      'outside_window_content_sid = ''HX1''', 'outside_window_content_variables = ''[]'''
    )
  $$,
  'no word both opts out and in, and a template has the form of one'
);
select set_eq(
  $$
    select pg_temp.taken(
      'lease_seconds = 10', 'lease_seconds = 60', 'send_lease_seconds = 20', 'rate_limit_notice_text = null',
      'alert_cooldown_minutes = 0'
    )
  $$,
  $$
    values ('lease_seconds = 10'), ('lease_seconds = 60'), ('send_lease_seconds = 20'),
      ('rate_limit_notice_text = null'), ('alert_cooldown_minutes = 0')
  $$,
  'what fits is taken'
);

select * from finish();
rollback;
