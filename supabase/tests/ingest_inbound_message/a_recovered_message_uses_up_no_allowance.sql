begin;
select plan(2);

-- SETUP
update public.cc_settings set customer_burst_messages = 1, customer_messages_per_minute = 1 where id;
select tests.recover('One') from generate_series(1, 5);

-- TEST
select is((tests.event('customer_rate_limited')).id, null, 'what was found late is no burst');
select tests.receive('Now');
select is((tests.event('customer_rate_limited')).id, null, 'and leaves the customer what he may write now');

select * from finish();
rollback;
