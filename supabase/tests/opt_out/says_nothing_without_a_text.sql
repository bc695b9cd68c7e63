begin;
select plan(2);

-- SETUP
update public.cc_settings set opt_out_text = null, opt_in_text = null where id;
select tests.receive('STOP');
select tests.receive('START');

-- TEST
select is((tests.outbound(1)).id, null, 'nothing is said');
select is(
  tests.events(),
  '{inbound_webhook_received,message_persisted,turn_answered,customer_opted_out,inbound_webhook_received,message_persisted,turn_answered,customer_opted_in}',
  'and everything done'
);

select * from finish();
rollback;
