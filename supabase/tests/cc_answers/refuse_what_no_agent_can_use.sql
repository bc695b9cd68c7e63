begin;
select plan(4);

-- TEST
select throws_ok(
  $$ insert into public.cc_answers (topic, language, phrases, answer) values ('a', 'en', '{}', 'b') $$,
  '23514', null, 'an answer to nothing'
);
select throws_ok(
  $$ insert into public.cc_answers (topic, language, phrases, answer) values ('a', 'English', '{c}', 'b') $$,
  '23514', null, 'a language that is no tag'
);
select throws_ok(
  $$ insert into public.cc_answers (topic, language, phrases, answer) values ('a', 'en', '{c}', '') $$,
  '23514', null, 'an answer that says nothing'
);
select throws_ok(
  $$ insert into public.cc_answers (topic, language, phrases, answer) values ('hours', 'en', '{c}', 'b') $$,
  '23505', null, 'a second answer to one topic in one language'
);

select * from finish();
rollback;
