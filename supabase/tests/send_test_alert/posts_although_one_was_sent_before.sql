begin;
select plan(4);

-- SETUP
select tests.alerts();

-- TEST
select is(public.send_test_alert() ->> 'outcome', 'sent', 'the first');
select is(public.send_test_alert() ->> 'outcome', 'sent', 'no cool-down keeps back the second');
select is(
  (select count(*)::integer from net.http_request_queue where url = 'http://alerts.test/hook'),
  2, 'both are with pg_net'
);
delete from vault.secrets where name = 'alert_url';
select is(
  public.send_test_alert(), '{"outcome": "failed", "error_code": "SB002"}', 'without a URL none can leave'
);

select * from finish();
rollback;
