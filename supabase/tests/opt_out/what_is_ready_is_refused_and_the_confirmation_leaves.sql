begin;
select plan(3);

-- SETUP
select tests.reply('First', 'Second');
select tests.receive('STOP');

-- TEST
select is(
  public.claim_send(tests.conversation()) ->> 'message_id', (tests.outbound(3)).id::text,
  'the confirmation passes'
);
select results_eq(
  $$ select send_state, error_code from tests.outbound(1) $$,
  $$ values ('refused', 'opted_out') $$, 'what waited before it is refused'
);
select results_eq(
  $$ select send_state, error_code from tests.outbound(2) $$,
  $$ values ('refused', 'opted_out') $$, 'all of it'
);

select * from finish();
rollback;
