begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select tests.receive('And this?');
select tests.claim();
select cc_private.sweep();

-- TEST
select is((tests.turn('running')).attempt, 1, 'a turn stays with its worker');
select is((tests.outbound(1)).send_state, 'sending', 'a message stays with its sender');
select is_empty(
  $$ select from unnest(tests.events()) as event where event in ('turn_failed', 'reply_uncertain') $$,
  'nothing failed'
);

select * from finish();
rollback;
