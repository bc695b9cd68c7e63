begin;
select plan(2);

-- TEST
select results_eq(
  $$
    select
      refusal.tgenabled in ('O', 'A'),
      refusal.tgtype & 1, refusal.tgtype & 2, refusal.tgtype & 56,
      refusal.tgqual is null
    from pg_trigger as refusal
    where refusal.tgrelid = 'public.cc_audit_logs'::regclass and refusal.tgname = 'refuse_audit_change'
  $$,
  $$ values (true, 0, 2, 56, true) $$,
  'one trigger stands before each statement that updates, deletes or truncates, without a condition'
);
select doesnt_match(
  (select prosrc from pg_proc where oid = 'cc_private.refuse_audit_change()'::regprocedure),
  '\m(if|case|current_user|session_user|rolsuper)\M',
  'and refuses whoever it is, a superuser too'
);

select * from finish();
rollback;
