begin;
select plan(7);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create temp table wrong as select tests.another_code(code) as code from asked;

-- TEST
select is((tests.receive(code)).body_text, '[code: wrong]', 'a wrong code says so') from wrong;
select tests.receive(code || ' or ' || tests.another_code(code)) from wrong;
select is((select wrong_count from public.cc_verifications), 3, 'two in one message are two tries');
select tests.receive(code) from wrong;
select tests.receive(code) from wrong;
select is(
  (select (tests.receive(asked.code)).body_text from asked), '[code: refused]',
  'after five the right one counts no more'
);
select ok(not tests.is_verified(), 'so nobody is verified');
select is((select wrong_count from cc_private.code_targets), 5, 'they are counted for the number as well');
select is(tests.ask_for_code() ->> 'outcome', 'asked', 'another code may be asked for');
select is((select count(*) from public.cc_audit_logs where event_type = 'code_rejected'), 5::bigint, 'all is on record');

select * from finish();
rollback;
