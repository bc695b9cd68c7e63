begin;
select plan(2);

-- TEST
select throws_ok(
  $$ select public.record_rejected_webhook('Two words', '{}', 'signature of tests') $$, '23514', null,
  'a call that fails'
);
select ok(
  (select is_new from public.record_rejected_webhook('from_missing', '{}', 'signature of tests')),
  'may be tried again under its signature'
);

select * from finish();
rollback;
