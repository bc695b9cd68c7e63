begin;
select plan(4);

-- SETUP
update public.cc_settings set send_lease_seconds = 30 where id;
select tests.reply('First', 'Second');
create temp table claim as select public.claim_send(tests.conversation()) as answer;

-- TEST
select is(
  (select answer - 'lease_ms' from claim),
  jsonb_build_object(
    'outcome', 'claimed', 'message_id', (tests.outbound(1)).id, 'attempt', 1,
    'from_address', tests.business(), 'to_address', tests.customer(), 'body_text', 'First', 'template', null
  ),
  'the sender gets all that it needs'
);
select ok(
  (select (answer ->> 'lease_ms')::numeric between 29000 and 30000 from claim),
  'for as long as the settings say'
);
select results_eq(
  $$ select send_state, send_attempt, send_due_at from tests.outbound(1) $$,
  $$ values ('sending', 1, null::timestamptz) $$,
  'the message is in sending'
);
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid(), 'queued');
select is(
  public.claim_send(tests.conversation()) ->> 'body_text',
  'Second',
  'the next one comes after it'
);

select * from finish();
rollback;
