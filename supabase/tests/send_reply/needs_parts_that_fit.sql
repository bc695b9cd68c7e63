begin;
select plan(6);

-- SETUP
select tests.receive('One');
create function pg_temp.refuses(id uuid, up_to_seq bigint, parts text[]) returns text language sql
as $$
  select throws_ok(
    format('select public.send_reply(%L, %L, %L, %L)', id, tests.conversation(), up_to_seq, parts),
    'SB003', null, format('%s %s %s', id, up_to_seq, left(parts::text, 20))
  )
$$;

-- TEST
select pg_temp.refuses(null, 1, array['Yes']);
select pg_temp.refuses(gen_random_uuid(), null, array['Yes']);
select pg_temp.refuses(gen_random_uuid(), 1, '{}');
select pg_temp.refuses(gen_random_uuid(), 1, array['Yes', E' \n']);
-- An emoji counts twice at Twilio.
select pg_temp.refuses(gen_random_uuid(), 1, array[repeat('😀', 801)]);
select is(
  public.send_reply(gen_random_uuid(), tests.conversation(), 1, array[repeat('😀', 800)]) ->> 'outcome',
  'stored', 'what just fits is taken'
);

select * from finish();
rollback;
