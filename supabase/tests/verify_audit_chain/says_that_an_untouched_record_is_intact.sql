begin;
select plan(4);

-- SETUP
select tests.receive('One');
select tests.reply('Hi');
select public.record_rejected_webhook('from_missing', '{}', 'signature of tests');

-- TEST
select is(
  public.verify_audit_chain() ->> 'outcome', 'intact', 'everything'
);
select is(
  public.verify_audit_chain(tests.conversation()) - 'resume',
  jsonb_build_object(
    'outcome', 'intact', 'chain_count', 1, 'row_count', cardinality(tests.events()), 'problem_count', 0,
    'problems', '[]'::jsonb
  ),
  'a conversation, every row of it'
);
select cmp_ok(
  (public.verify_audit_chain('00000000-0000-0000-0000-000000000000') ->> 'row_count')::integer, '>', 0,
  'the chain without a conversation'
);
select is(
  public.verify_audit_chain(gen_random_uuid()) #>> '{problems, 0, kind}', 'chain_missing',
  'a conversation that nobody knows has no chain'
);

select * from finish();
rollback;
