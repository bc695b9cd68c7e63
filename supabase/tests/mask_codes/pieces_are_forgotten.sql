begin;
select plan(6);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create function pg_temp.is_kept() returns boolean language sql
as $$ select parts is not null and parts_at is not null from public.cc_verifications $$;
select tests.receive('12');

-- TEST
select cc_private.remove_expired();
select ok(pg_temp.is_kept(), 'a piece waits for the next');
update public.cc_verifications set parts_at = parts_at - interval '3 minutes' where true;
select cc_private.remove_expired();
select ok(not pg_temp.is_kept(), 'for two minutes');

select tests.receive('12');
select tests.receive(tests.another_code(code)) from asked;
select ok(not pg_temp.is_kept(), 'a whole code takes its place');
select tests.receive('12');
select cc_private.make_challenge(conversation_id, channel, target_hash) from public.cc_verifications;
select ok(not pg_temp.is_kept(), 'so does a new one');
select tests.receive('12');
select ok(
  not exists (
    select from public.cc_customer_addresses as address, cc_private.person_for_export(address.customer_id) as entry
    where to_jsonb(entry)::text like '%parts%'
  ),
  'no export has it'
);
select cc_private.end_verification(tests.conversation(), 'customers_merged');
select ok(not pg_temp.is_kept(), 'and it goes with what it was for');

select * from finish();
rollback;
