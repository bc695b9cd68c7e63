begin;
select plan(6);

-- SETUP
select tests.alerts();
update public.cc_settings set alert_cooldown_minutes = 15 where id;
create function pg_temp.sent() returns bigint language sql
as $$ select count(*) from tests.requests_to('http://alerts.test/hook') $$;

-- TEST
select is(cc_private.raise_alert('test', 'first'), true, 'the first one leaves');
select is(cc_private.raise_alert('test', 'second'), false, 'what goes on failing does not go on ringing');
select is(cc_private.raise_alert('other', 'third'), true, 'another kind does');
select is(pg_temp.sent(), 2::bigint, 'two have left');
update cc_private.alerts set raised_at = clock_timestamp() - interval '15 minutes' where kind = 'test';
select is(cc_private.raise_alert('test', 'fourth'), true, 'after the cool-down it rings again');
select results_eq(
  $$ select text, raised_count from cc_private.alerts where kind = 'test' $$,
  $$ values ('fourth', 2::bigint) $$, 'and is counted'
);

select * from finish();
rollback;
