begin;
select plan(2);

-- SETUP
delete from public.cc_answers where topic <> 'card';
update public.cc_answers set position = 90 where language = 'en';
insert into public.cc_answers (position, topic, language, phrases, answer)
values (1, 'fees', 'fr', '{frais}', 'Les frais sont de 3 euros.');

-- TEST
select is(
  public.list_answers() -> 0,
  '{
    "topic": "fees", "language": "fr", "phrases": ["frais"], "answer": "Les frais sont de 3 euros.",
    "is_courtesy": false, "hands_over": false
  }',
  'the lowest position first, with all that an agent needs'
);
select is(public.list_answers() -> -1 ->> 'language', 'en', 'the highest last');

select * from finish();
rollback;
