begin;
select plan(4);

-- SETUP
select tests.alerts();
update public.cc_settings set unanswered_alert_minutes = 5, alert_cooldown_minutes = 15 where id;
select tests.receive('Hello');
create function pg_temp.sent() returns bigint language sql
as $$ select count(*) from tests.requests_to('http://alerts.test/hook') $$;

-- TEST
select is(cc_private.alert_of_troubles(), 0, 'all is well');
update public.cc_turns set created_at = clock_timestamp() - interval '301 seconds' where id = (tests.turn('pending')).id;
select is(cc_private.alert_of_troubles(), 1, 'a customer has waited for longer than five minutes');
select is(cc_private.alert_of_troubles(), 0, 'the next sweep does not say it again');
select is(pg_temp.sent(), 1::bigint, 'one alert has left');

select * from finish();
rollback;
