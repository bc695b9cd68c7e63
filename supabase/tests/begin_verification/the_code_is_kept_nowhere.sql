begin;
select plan(6);

-- SETUP
create temp table asked as select tests.ask_for_code() as begun;
create temp table code as select begun ->> 'code' as digits from asked;

-- TEST
select matches((select digits from code), '^[0-9]{6}$', 'six digits are given out, once');
select is_empty(
  $$
    select verification
    from public.cc_verifications as verification, code
    where to_jsonb(verification)::text like '%' || digits || '%'
  $$,
  'they are not in what is kept'
);
select is_empty(
  $$
    select message from public.cc_messages as message, code
    where to_jsonb(message)::text like '%' || digits || '%'
  $$,
  'nor in any message'
);
select is(
  (select code_hash from public.cc_verifications),
  (select cc_private.code_hash(tests.conversation()::text, digits) from code),
  'but as a hash of conversation and code'
);
select isnt(
  (select code_hash from public.cc_verifications),
  (select sha256(convert_to(digits, 'UTF8')) from code),
  'which needs the key'
);
select results_eq(
  $$ select event_type, success from public.cc_audit_logs where event_type like 'code%' order by id $$,
  $$ values ('code_requested', true), ('code_sent', true) $$,
  'both steps are on record'
);

select * from finish();
rollback;
