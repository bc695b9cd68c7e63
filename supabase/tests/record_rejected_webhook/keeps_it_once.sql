begin;
select plan(3);

-- SETUP
create temp table first as
select * from public.record_rejected_webhook('message_sid_missing', '{"Body": "Hello"}', 'signature of tests');
create temp table recorded as select max(id) as id from public.cc_audit_logs where conversation_id is null;

-- TEST
select results_eq(
  $$
    select rejected_webhook_id, is_new
    from public.record_rejected_webhook('from_missing', '{"Body": "Other"}', 'signature of tests')
  $$,
  'select rejected_webhook_id, false from first',
  'a repeat is told which request it repeats'
);
select results_eq(
  $$ select reason, parameters from public.cc_rejected_webhooks where signature = 'signature of tests' $$,
  $$ values ('message_sid_missing', '{"Body": "Hello"}'::jsonb) $$,
  'the first one is kept'
);
select is(
  (select max(id) from public.cc_audit_logs where conversation_id is null),
  (select id from recorded),
  'and recorded once'
);

select * from finish();
rollback;
