begin;
select plan(8);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create temp table wrong as select tests.another_code(code) as code from asked;
create function pg_temp.write(code text) returns text language sql
as $$ select (tests.receive(left(code, 2))).body_text || (tests.receive(right(code, 4))).body_text $$;
create function pg_temp.wrong_count() returns integer language sql
as $$ select wrong_count from public.cc_verifications $$;

-- TEST
select is(pg_temp.write(code), '[code: part][code: wrong]', 'a wrong one says so') from wrong;
select is(pg_temp.wrong_count(), 1, 'and is one try');
select tests.receive('12');
select tests.receive('34');
select is(pg_temp.wrong_count(), 1, 'pieces alone are none');
select tests.receive('56');
select is(pg_temp.wrong_count(), 2, 'until they are as long as a code');
select pg_temp.write(code) from wrong, generate_series(1, 3);
select is(
  (select pg_temp.write(code) from asked), '[code: part][code: refused]',
  'after five the right one counts no more, however it is written'
);
select is((select wrong_count from cc_private.code_targets), 5, 'they are counted for the number as well');
select ok(not tests.is_verified(), 'nobody is verified');
select is(
  (select count(*) from public.cc_audit_logs where event_type = 'code_rejected'), 6::bigint, 'each try is on record'
);

select * from finish();
rollback;
