begin;
select plan(4);

-- SETUP
select tests.reply('On its way');
select public.claim_send(tests.conversation());
create temp table who as
select customer_id from public.cc_conversations where id = tests.conversation();

-- TEST
select throws_ok(
  'select public.erase_customer(customer_id) from who', 'PT409', null, 'while a message is being sent it refuses'
);
select public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out');
select throws_ok(
  'select public.erase_customer(customer_id) from who', 'PT409', null, 'and while one is in doubt'
);
select is((tests.outbound(1)).body_text, 'On its way', 'and has changed nothing');
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select is(public.erase_customer(customer_id) ->> 'outcome', 'erased', 'afterwards it goes') from who;

select * from finish();
rollback;
