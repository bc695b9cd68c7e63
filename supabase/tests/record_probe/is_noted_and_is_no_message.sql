begin;
select plan(5);

-- SETUP
create temp table before as
select (select count(*) from public.cc_messages) as messages,
  (select count(*) from public.cc_conversations) as conversations;
insert into cc_private.probes (message_sid, received_at)
values ('SM00000000000000000000000000000001', clock_timestamp() - interval '25 hours');

-- TEST
select is(
  public.record_probe('SM00000000000000000123456789abcdef', 'signature of a probe') ->> 'outcome',
  'recorded', 'it came through'
);
select is(
  public.record_probe('SM00000000000000000123456789abcdef', 'signature of a probe') ->> 'outcome',
  'already_recorded', 'its repeat has no effect'
);
select is(
  (
    select array[entry.event_type, entry.input_redacted ->> 'message_sid']
    from public.cc_audit_logs as entry order by entry.id desc limit 1
  ),
  array['probe_received', 'SM00000000000000000123456789abcdef'], 'it is on record, once'
);
select results_eq(
  'select message_sid from cc_private.probes',
  $$ values ('SM00000000000000000123456789abcdef') $$, 'one of yesterday is gone'
);
select results_eq(
  'select (select count(*) from public.cc_messages), (select count(*) from public.cc_conversations)',
  'select messages, conversations from before', 'nobody has written'
);

select * from finish();
rollback;
