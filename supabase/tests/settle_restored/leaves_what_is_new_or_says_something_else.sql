begin;
select plan(3);

-- SETUP
select tests.reply('Yes.');
select tests.take_over('SM000000000000000000000000000a0001', 'No.', interval '0');

-- TEST
select is(
  cc_private.settle_restored(clock_timestamp()) ->> 'settled_sends', '0', 'another text is another message'
);
select tests.take_over('SM000000000000000000000000000a0002', 'Yes.', interval '0');
select is(
  cc_private.settle_restored(clock_timestamp() - interval '1 hour') ->> 'settled_sends', '0',
  'what was stored after the restore is ours to send'
);
select is((tests.outbound(1)).send_state, 'ready', 'so it still leaves');

select * from finish();
rollback;
