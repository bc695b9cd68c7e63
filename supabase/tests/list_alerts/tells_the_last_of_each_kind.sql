begin;
select plan(2);

-- SETUP
select tests.alerts();
update public.cc_settings set alert_cooldown_minutes = 0 where id;
select cc_private.raise_alert('turn_died', 'first');
select cc_private.raise_alert('turn_died', 'second');

-- TEST
select is(public.list_alerts() -> 0 ->> 'text', 'second', 'the last one');
select is(public.list_alerts() -> 0 ->> 'raised_count', '2', 'and how many there were');

select * from finish();
rollback;
