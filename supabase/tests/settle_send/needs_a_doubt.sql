begin;
select plan(4);

-- SETUP
create function pg_temp.settle() returns text language sql
as $$
  select public.settle_send(
    (tests.outbound(1)).id, (tests.outbound(1)).send_attempt, clock_timestamp(),
    jsonb_build_array(jsonb_build_object(
      'sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'body', 'Hi', 'status', 'sent', 'date_created', now()
    ))
  ) ->> 'outcome'
$$;
select tests.reply('Hi');

-- TEST
select is(pg_temp.settle(), 'settled_already', 'what waits is not settled by a list');
select public.claim_send(tests.conversation());
select is(pg_temp.settle(), 'settled_already', 'nor what has a sender');
select public.record_send((tests.outbound(1)).id, 1, 'refused', error_code => '21610');
select is(pg_temp.settle(), 'settled_already', 'nor what was refused');
select is(
  public.settle_send('00000000-0000-4000-8000-000000000000', 1, clock_timestamp(), '[]') ->> 'outcome',
  'settled_already', 'nor what is not there'
);

select * from finish();
rollback;
