begin;
select plan(6);

-- SETUP
select tests.receive_media();
select tests.receive('Message ' || number, name => 'Maria') from generate_series(2, 5) as number;
insert into public.cc_tool_calls (first_message_id, tool, arguments, arguments_hash, turn_id, attempt)
select message.id, 'block_card', '{"card": "Maria''s"}', '\x00', message.turn_id, 1
from public.cc_messages as message where message.body_text = 'Message 2';
update public.cc_conversations set summary = 'Maria wrote.', summary_seq = 1 where id = tests.conversation();
select tests.receive('Another''s', customer_address => 'whatsapp:+15005550198');
select public.record_rejected_webhook('from_missing', '{"WaId": "15005550199"}', 'tests 1');
create temp table who as
select customer_id from public.cc_conversations where id = tests.conversation();
create temp table exported as
with recursive page (number, answer) as (
  select 1, public.export_customer(customer_id) from who
  union all
  select page.number + 1, public.export_customer(who.customer_id, page.answer ->> 'after', 2)
  from page, who
  where page.answer -> 'after' <> 'null' and page.number < 20
)
select page.number, exported_row.row::jsonb
from page, jsonb_array_elements_text(page.answer -> 'rows') as exported_row (row);

-- TEST
select results_eq(
  $$ select row ->> 'kind', count(*)::integer from exported group by 1 order by 1 $$,
  $$ values ('address', 1), ('conversation', 1), ('customer', 1), ('message', 5), ('rejected_webhook', 1) $$,
  'all there is of one person, and nothing of others'
);
select results_eq(
  $$ select row ->> 'body_text' from exported where row ->> 'kind' = 'message' order by number, row ->> 'seq' $$,
  $$
    values ('[Media message - no text]'), ('Message 2'), ('Message 3'), ('Message 4'), ('Message 5')
  $$,
  'the messages in order, each once'
);
select is(max(number), 6, 'two at a time') from exported;
select results_eq(
  $$
    select row #>> '{media, 0, content_type}', row #>> '{turn, state}'
    from exported where row ->> 'seq' = '1'
  $$,
  $$ values ('image/jpeg', 'pending') $$,
  'with file and turn'
);
select results_eq(
  $$
    select
      (select row ->> 'summary' from exported where row ->> 'kind' = 'conversation'),
      (select row #>> '{tool_calls, 0, arguments, card}' from exported where row ->> 'body_text' = 'Message 2')
  $$,
  $$ values ('Maria wrote.', 'Maria''s') $$,
  'with what agents kept'
);
select is(public.export_customer(gen_random_uuid()), '{"outcome": "not_found"}', 'of nobody there is nothing');

select * from finish();
rollback;
