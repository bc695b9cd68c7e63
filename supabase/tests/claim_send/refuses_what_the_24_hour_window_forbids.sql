begin;
select plan(3);

-- SETUP
select tests.reply('First');
update public.cc_conversations
set last_inbound_at = now() - interval '24 hours 1 second'
where id = tests.conversation();

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "nothing_ready"}',
  'a day after the customer''s last message WhatsApp takes no free text'
);
select results_eq(
  $$ select send_state, error_code from tests.outbound(1) $$,
  $$ values ('refused', 'outside_window') $$,
  'so the message is refused'
);
select is(
  (tests.event('reply_refused')).error_code, 'outside_window',
  'and the record says why'
);

select * from finish();
rollback;
