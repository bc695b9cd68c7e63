begin;
select plan(2);

-- SETUP
create temp table before as select coalesce(max(id), 0) as id from public.cc_audit_logs;
update public.cc_settings set fallback_text = 'Call us.' where id;

-- TEST
select results_eq(
  $$
    select conversation_id, actor_type, event_type, success, input_redacted, output_redacted
    from public.cc_audit_logs
    where id > (select id from before)
  $$,
  $$ values (null::uuid, 'human', 'settings_changed', true, '{}'::jsonb, '{}'::jsonb) $$,
  'that somebody changed them is on record'
);
select tests.receive('Hello');
select is(
  (
    select count(*) from public.cc_audit_logs
    where id > (select id from before) and event_type = 'settings_changed'
  ),
  1::bigint, 'the service changes none'
);

select * from finish();
rollback;
