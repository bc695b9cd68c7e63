begin;
select plan(4);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select tests.expire_leases();

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "uncertain"}',
  'nobody knows whether the sender that vanished has sent'
);
select results_eq(
  $$ select send_state, send_lease_until, error_code from tests.outbound(1) $$,
  $$ values ('uncertain', null::timestamptz, 'lease_expired') $$,
  'so the message is not sent again'
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
