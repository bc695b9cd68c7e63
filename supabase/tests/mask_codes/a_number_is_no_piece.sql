begin;
select plan(5);

-- SETUP
create function pg_temp.kept(body text) returns boolean language sql
as $$ select (tests.receive(body)).body_text = body $$;

-- TEST
select tests.receive('Hello');
select ok(pg_temp.kept('123'), 'where no code is asked for, digits are digits');
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
select is_empty(
  $$
    select body
    from unnest(array['I have 3 accounts', '3 accounts', '12,50', '10:30', '1234567', '+49151', 'A1', '12 €']) as body
    where not pg_temp.kept(body)
  $$,
  'nor are they pieces among other words and signs'
);
select is(
  (select array_agg((tests.receive(body)).body_text) from unnest(array['1', '1 2', E'12\n3', '٤٥']) as body),
  '{[code: part],[code: part],[code: wrong],[code: part]}', 'alone they are'
);
update public.cc_verifications set expires_at = clock_timestamp(), parts_at = parts_at - interval '3 minutes' where true;
select ok(pg_temp.kept('123'), 'not when the code has expired');
select tests.receive(tests.ask_for_code(again => true) ->> 'code')
from (select cc_private.end_verification(tests.conversation(), 'test')) as ended;
select ok(pg_temp.kept('123') and tests.is_verified(), 'nor when it was given');

select * from finish();
rollback;
