begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('A person, please');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;
select public.complete_turn((select id from turn), 1, '{Somebody comes}', hand_over_reason => 'asked', work => '{
  "agent": "rules", "input_tokens": 50, "output_tokens": 5, "cost_micros": 22, "tool_call_count": 2,
  "failures": [{"agent": "openai", "code": "model_unsafe"}],
  "summary": {"text": "They want a person.", "up_to_seq": 1}
}');

-- TEST
select results_eq(
  $$
    select state, silent_reason, agent, input_tokens, output_tokens, cost_micros, tool_call_count
    from public.cc_turns where id = (select id from turn)
  $$,
  $$ values ('silent', 'handed_over', 'rules', 50::bigint, 5::bigint, 22::bigint, 2) $$,
  'on the turn'
);
select results_eq(
  $$
    select event_type, error_code, output_redacted ->> 'agent', output_redacted ->> 'input_tokens'
    from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type in ('turn_failed', 'conversation_handed_over')
    order by id
  $$,
  $$
    values ('turn_failed', 'model_unsafe', 'openai', null), ('conversation_handed_over', null, 'rules', '50')
  $$,
  'on record, with who failed before'
);
select results_eq(
  $$
    select customer.tokens_used, token_use.tokens
    from public.cc_customers as customer, cc_private.token_use as token_use
    where customer.tokens_used > 0
  $$,
  $$ values (55::bigint, 55::bigint) $$,
  'in the books of the day'
);
select is(
  (select summary from public.cc_conversations where id = tests.conversation()), 'They want a person.',
  'with its summary'
);

select * from finish();
rollback;
