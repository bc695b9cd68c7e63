begin;
select plan(4);

-- SETUP
select tests.receive('Block my card');
select tests.claim();
create temp table call as
select public.begin_tool_call((tests.turn('running')).id, 1, 'block_card', '{"card": "Maria''s"}') as begun;
select public.finish_tool_call((begun ->> 'tool_call_id')::uuid, '{"name": "Maria"}') from call;
select public.complete_turn((tests.turn('running')).id, 1, '{Done}', work => '{
  "agent": "openai", "input_tokens": 50, "output_tokens": 5, "summary": {"text": "Maria lost it.", "up_to_seq": 1}
}');
create temp table who as
select id as conversation_id, customer_id from public.cc_conversations where id = tests.conversation();
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());

-- TEST
select is(public.erase_customer(customer_id) ->> 'outcome', 'erased', 'it is done') from who;
select is_empty('select from public.cc_tool_calls', 'no call of a tool is left, nor a hash of one');
select results_eq(
  'select summary, summary_seq from public.cc_conversations where id = (select conversation_id from who)',
  $$ values (null::text, 0::bigint) $$,
  'no summary'
);
select results_eq(
  'select tokens_used, tokens_used_on from public.cc_customers where id = (select customer_id from who)',
  $$ values (0::bigint, null::date) $$,
  'and no word of how much was asked'
);

select * from finish();
rollback;
