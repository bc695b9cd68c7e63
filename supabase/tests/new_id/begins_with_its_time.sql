begin;
select plan(4);

-- SETUP
create temp table made as
select number, clock_timestamp() as since, cc_private.new_id() as id, clock_timestamp() as until
from generate_series(1, 1000) as number;
create temp table told as
select made.*, ('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint as milliseconds
from made;

-- TEST
select is_empty(
  $$
    select * from told
    where milliseconds not between floor(extract(epoch from since) * 1000) and ceil(extract(epoch from until) * 1000)
  $$,
  'each begins with the millisecond in which it was made'
);
select is_empty(
  $$ select id from made where id::text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' $$,
  'each says that it is a UUIDv7'
);
select is((select count(distinct right(id::text, 12)) from made), 1000::bigint, 'and the rest is random');

select tests.receive('SM1', 'Hello');
select results_eq(
  $$
    select substring(id::text from 15 for 1) from (
      select id from public.cc_customers union all select id from public.cc_conversations
      union all select id from public.cc_turns union all select id from public.cc_messages
    ) as kept
  $$,
  array['7', '7', '7', '7'],
  'what each message makes has such ids'
);

select * from finish();
rollback;
