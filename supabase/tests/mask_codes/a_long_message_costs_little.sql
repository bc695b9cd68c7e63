begin;
select plan(3);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create temp table took (started_at timestamptz default clock_timestamp());
insert into took default values;
create temp table stored as
select (public.ingest_inbound_message(
  tests.next_sid(), tests.customer(), tests.business(), repeat('123456 ', 15000) || code,
  jsonb_build_object('kind', 'text', 'parameters', jsonb_build_object('Body', jsonb_build_array(
    repeat('123456 ', 15000) || code
  )))
)).message_id as id
from asked;

-- TEST
select cmp_ok(clock_timestamp() - started_at, '<', interval '2 seconds', 'a page of codes is stored in time') from took;
select ok(
  (select to_jsonb(message)::text !~ code from public.cc_messages as message join stored using (id), asked),
  'none of them is kept'
);
select ok(not tests.is_verified(), 'and none counts');

select * from finish();
rollback;
