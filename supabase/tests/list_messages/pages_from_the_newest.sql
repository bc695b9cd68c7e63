begin;
select plan(6);

-- SETUP
select tests.receive('Message ' || number) from generate_series(1, 5) as number;
create temp table page as
select public.list_messages(tests.conversation(), maximum => 2, is_revealed => true) as newest;

-- TEST
select is(newest -> 'messages' -> 0 ->> 'text', 'Message 5', 'the newest first') from page;
select is(jsonb_array_length(newest -> 'messages'), 2, 'as many as asked for') from page;
select is(
  public.list_messages(
    tests.conversation(), (newest ->> 'before_seq')::bigint, 2, true
  ) -> 'messages' -> 0 ->> 'text',
  'Message 3', 'then those before'
) from page;
select is(
  public.list_messages(tests.conversation(), 2) -> 'before_seq', 'null', 'the oldest is the end'
);
select is(
  (newest -> 'messages' -> 0 ->> 'turn_id'), (newest -> 'turns' -> 0 ->> 'id'), 'with their turns'
) from page;
select unalike(
  public.list_messages(tests.conversation())::text, '%Message 5%', 'masked until it is asked for'
);

select * from finish();
rollback;
