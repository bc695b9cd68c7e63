begin;
select plan(4);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select tests.expire_leases();
create temp table expired as select * from tests.outbound(1);

-- TEST
select is(cc_private.expire_send_leases(), 1, 'the sender did not come back');
select results_eq(
  $$ select send_state, send_lease_until, send_attempt, error_code from tests.outbound(1) $$,
  $$ select 'uncertain', send_lease_until, 1, 'lease_expired' from expired $$,
  'nobody knows whether the message was sent'
);
select is((tests.event('reply_uncertain')).error_code, 'lease_expired', 'the record says why');
select is((tests.outbound(2)).send_state, 'ready', 'the later one waits');

select * from finish();
rollback;
