begin;
select plan(2);

-- SETUP
select tests.receive(tests.ask_for_code() ->> 'code');
create temp table exported as
select entry::jsonb as row
from jsonb_array_elements_text(public.export_customer((
  select customer_id from public.cc_customer_addresses where address = tests.customer()
)) -> 'rows') as entry
where entry::jsonb ->> 'kind' = 'verification';

-- TEST
select is((select row ->> 'state' from exported), 'verified', 'that a person was verified is theirs to know');
select is_empty(
  $$ select name from exported, jsonb_object_keys(row) as name where name ~ 'hash|challenge' $$,
  'what a code could be found from is not given out'
);

select * from finish();
rollback;
