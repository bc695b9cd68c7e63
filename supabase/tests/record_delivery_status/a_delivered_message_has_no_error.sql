begin;
select plan(1);

-- SETUP
-- WhatsApp reports a failure and delivers all the same.
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'undelivered', error_code => '63024');
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'delivered');

-- TEST
select results_eq(
  $$ select delivery_status, error_code from tests.outbound(1) $$,
  $$ values ('delivered', null::text) $$, 'what arrived is no longer said to have failed'
);

select * from finish();
rollback;
