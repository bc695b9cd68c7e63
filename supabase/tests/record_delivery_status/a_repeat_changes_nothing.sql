begin;
select plan(3);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'delivered');
create temp table before as select tests.outbound(1) as message, tests.events() as events;

-- TEST
select is(
  public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'delivered', (tests.outbound(1)).id),
  '{"outcome": "no_news"}', 'it is no news'
);
select is(tests.outbound(1), (select message from before), 'the message stays as it is');
select is(tests.events(), (select events from before), 'nothing is recorded');

select * from finish();
rollback;
