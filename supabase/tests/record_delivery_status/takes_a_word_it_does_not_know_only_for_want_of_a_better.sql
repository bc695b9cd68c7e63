begin;
select plan(4);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');

-- TEST
select is(
  public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'teleported'),
  '{"outcome": "no_news"}', 'nobody can say how far it got'
);
select is(
  public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', null),
  '{"outcome": "no_news"}', 'nor without a word'
);
select is((tests.outbound(1)).delivery_status, 'queued', 'the message keeps what is known');

select public.claim_send(tests.conversation());
select public.record_delivery_status('SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'teleported', (tests.outbound(2)).id);
select results_eq(
  $$ select send_state, provider_message_id, delivery_status from tests.outbound(2) $$,
  $$ values ('handed_over', 'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'teleported') $$,
  'but where nothing is known it is better than nothing'
);

select * from finish();
rollback;
