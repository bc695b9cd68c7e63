begin;
select plan(1);

-- SETUP
select tests.receive('One');
set local timezone = 'Asia/Kathmandu';
set local datestyle = 'German';
set local intervalstyle = 'iso_8601';
set local bytea_output = 'escape';
set local extra_float_digits = 0;

-- TEST
select is_empty(
  $$
    select entry.id
    from public.cc_audit_logs as entry
    where entry.conversation_id = tests.conversation() and entry.hash <> cc_private.audit_hash(entry)
  $$,
  'whoever verifies gets the same hashes, under any settings'
);

select * from finish();
rollback;
