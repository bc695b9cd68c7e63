begin;
select plan(8);

-- SETUP
create temp table first as select tests.ask_for_code() as begun;

-- TEST
select is(tests.ask_for_code() ->> 'outcome', 'awaited', 'while a code is under way, none more leaves');
select is(tests.ask_for_code(again => true) ->> 'outcome', 'awaited', 'nor at once when another is asked for');
update public.cc_verifications set sent_at = sent_at - interval '2 minutes' where true;
select is(tests.ask_for_code() ->> 'outcome', 'awaited', 'later neither, unless it is asked for');
select is(tests.ask_for_code(again => true) ->> 'outcome', 'asked', 'then it leaves');
select tests.receive((select begun ->> 'code' from first));
select ok(not tests.is_verified(), 'and the one before counts no more');

update public.cc_verifications set sent_at = sent_at - interval '2 minutes' where true;
select is(tests.ask_for_code(again => true) ->> 'outcome', 'asked', 'a third');
update public.cc_verifications set sent_at = sent_at - interval '2 minutes' where true;
select is(tests.ask_for_code(again => true) ->> 'outcome', 'too_many_codes', 'and no more within the hour');
update cc_private.code_targets set sent_since = sent_since - interval '1 hour' where true;
select is(tests.ask_for_code(again => true) ->> 'outcome', 'asked', 'after it they do');

select * from finish();
rollback;
