begin;
select plan(2);

-- TEST
select throws_ok(
  $$ select public.record_rejected_webhook('Body "Hello" is too long', '{}', 'signature of tests') $$,
  '23514', null, 'a sentence, which could quote the request, is refused'
);
select lives_ok(
  $$ select public.record_rejected_webhook('body_too_long', '{}', 'signature of tests') $$,
  'a word is taken'
);

select * from finish();
rollback;
