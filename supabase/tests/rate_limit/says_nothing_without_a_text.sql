begin;
select plan(2);

-- SETUP
update public.cc_settings set customer_burst_messages = 1, rate_limit_notice_text = null where id;
select tests.receive('One'), tests.receive('Two');

-- TEST
select is(tests.outbound(1), null, 'the customer is told nothing');
select is(
  (select count(*) from unnest(tests.events()) as event where event = 'customer_rate_limited'),
  1::bigint, 'the record is'
);

select * from finish();
rollback;
