begin;
select plan(2);

-- SETUP
create temp table doubt as select tests.uncertain_send('Hi') as id;
create function pg_temp.settle() returns jsonb language sql
as $$
  select public.settle_send(id, 1, clock_timestamp(), jsonb_build_array(jsonb_build_object(
    'sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'body', 'Dear customer: Hi', 'status', 'sent', 'date_created', now()
  )))
  from doubt
$$;

-- TEST
select is(pg_temp.settle() ->> 'outcome', 'too_early', 'a text is found by its body');
update public.cc_messages set content_sid = 'HX0123456789abcdef0123456789abcdef' where id = (select id from doubt);
select is(pg_temp.settle() ->> 'outcome', 'found', 'a template, whose body Twilio makes, by its time alone');

select * from finish();
rollback;
