begin;
select plan(4);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select tests.expire_leases();
create temp table expired as select * from tests.outbound(1);

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "uncertain"}',
  'nobody knows whether the sender that vanished has sent'
);
select results_eq(
  $$ select send_state, send_lease_until, error_code from tests.outbound(1) $$,
  $$ select 'uncertain', send_lease_until, 'lease_expired' from expired $$,
  'so the message is not sent again; it keeps the end of its lease, from which the list is read'
);
select results_eq(
  $$ select message_id, success, error_code, output_redacted from tests.event('reply_uncertain') $$,
  $$
    select id, false, 'lease_expired', jsonb_build_object('seq', seq, 'attempt', 1, 'turn_id', turn_id)
    from tests.outbound(1)
  $$,
  'the record says why'
);
select is((tests.outbound(2)).send_state, 'ready', 'and the later one waits');

select * from finish();
rollback;
