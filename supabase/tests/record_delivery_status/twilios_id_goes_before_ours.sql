begin;
select plan(2);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'read', (tests.outbound(2)).id);

-- TEST
select is((tests.outbound(1)).delivery_status, 'read', 'the message with Twilio''s id is meant');
select results_eq(
  $$ select send_state, delivery_status from tests.outbound(2) $$,
  $$ values ('ready', null::text) $$, 'not the one of the URL'
);

select * from finish();
rollback;
