begin;
select plan(3);

-- SETUP
select tests.receive('My secret word', name => 'Maria Keller');
create function pg_temp.shown(is_revealed boolean) returns text language sql
as $$
  select string_agg(conversation::text, '')
  from jsonb_array_elements(public.list_conversations(is_revealed => shown.is_revealed) -> 'conversations')
    as conversation
  where conversation ->> 'id' = tests.conversation()::text
$$;

-- TEST
select unalike(pg_temp.shown(false), '%secret%', 'no text');
select ok(pg_temp.shown(false) !~ 'Maria|150055501', 'no name and no number');
select ok(pg_temp.shown(true) ~ 'My secret word' and pg_temp.shown(true) ~ 'Maria Keller', 'all when it is asked for');

select * from finish();
rollback;
