begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive();
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, 'model_nonsense', work => '{
  "agent": "openai", "input_tokens": 100, "output_tokens": 10, "cost_micros": 45, "tool_call_count": 1
}');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 2, '{Hello}', work => '{
  "agent": "rules", "input_tokens": 50, "output_tokens": 5, "cost_micros": 22, "tool_call_count": 2,
  "failures": [{"agent": "openai", "code": "model_timeout"}]
}');

-- TEST
select results_eq(
  $$ select agent, input_tokens, output_tokens, cost_micros, tool_call_count from tests.turn('answered') $$,
  $$ values ('rules', 150::bigint, 15::bigint, 67::bigint, 3) $$,
  'all attempts together, and who answered'
);
select results_eq(
  $$
    select event_type, success, error_code, output_redacted ->> 'agent', output_redacted ->> 'input_tokens'
    from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type in ('turn_failed', 'turn_answered')
    order by id
  $$,
  $$
    values
      ('turn_failed', false, 'model_nonsense', 'openai', '100'),
      ('turn_failed', false, 'model_timeout', 'openai', null),
      ('turn_answered', true, null, 'rules', '50')
  $$,
  'each failure and the answer are on record, with the agent and what this attempt took'
);
select results_eq(
  $$ select tokens_used, tokens_used_on from public.cc_customers where tokens_used > 0 $$,
  $$ values (165::bigint, cc_private.today()) $$,
  'and so it is for the customer''s day'
);

select * from finish();
rollback;
