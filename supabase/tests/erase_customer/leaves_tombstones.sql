begin;
select plan(7);

-- SETUP
select tests.receive('My secret', 'SM00000000000000000000000000000aaa', signature => 'sig', name => 'Maria');
select tests.reply('Dear Maria');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
update public.cc_messages set error_message = 'no way to whatsapp:+15005550199' where direction = 'outbound';
create temp table before as
select message.*, conversation.customer_id
from public.cc_messages as message
join public.cc_conversations as conversation on conversation.id = message.conversation_id
where conversation.id = tests.conversation();
create temp table who as select distinct customer_id, conversation_id from before;

-- TEST
select is(
  public.erase_customer(customer_id), '{"outcome": "erased", "remaining": 0, "remaining_files": 0}',
  'it is done'
)
from who;
select is_empty(
  $$
    select message.id
    from public.cc_messages as message, who
    where message.conversation_id = who.conversation_id and (
      message.body_text <> '' or message.body_json - 'kind' <> '{}' or message.error_message is not null
      or message.erased_at is null or tests.customer() in (message.from_address, message.to_address)
    )
  $$,
  'no message says anything'
);
select set_eq(
  $$
    select id, seq, turn_id, provider_message_id, signature, send_state, created_at
    from public.cc_messages as message
    where conversation_id in (select conversation_id from who)
  $$,
  'select id, seq, turn_id, provider_message_id, signature, send_state, created_at from before',
  'but it is there, with its ids, its number, its state and its times'
);
select results_eq(
  $$
    select name, opted_out_at, erased_at is not null, emptied_at is not null
    from public.cc_customers where id = (select customer_id from who)
  $$,
  $$ values (null::text, null::timestamptz, true, true) $$,
  'the customer has no name'
);
select is_empty(
  'select address from public.cc_customer_addresses where customer_id = (select customer_id from who)',
  'and no address'
);
select results_eq(
  $$
    select status, provider_conversation_id
    from public.cc_conversations where id = (select conversation_id from who)
  $$,
  $$ values ('closed', 'erased') $$,
  'the conversation is closed'
);
select results_eq(
  $$
    select message_id, is_new_message
    from public.ingest_inbound_message(
      'SM00000000000000000000000000000aaa', tests.customer(), tests.business(), 'My secret', signature => 'sig'
    )
  $$,
  $$ select id, false from before where direction = 'inbound' order by seq limit 1 $$,
  'a repeat still meets its message'
);

select * from finish();
rollback;
