begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select tests.receive('Two');
select tests.receive('Three');

-- TEST
select is(
  (select count(*) from public.cc_turns where conversation_id = tests.conversation()),
  1::bigint,
  'one turn is there'
);
select is(
  (select count(*) from public.cc_messages where turn_id = (tests.turn('pending')).id),
  3::bigint,
  'all messages belong to it'
);
select results_eq(
  $$
    select output_redacted ->> 'turn', output_redacted ->> 'turn_id'
    from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type like 'orchestrator_trigger%'
    order by id
  $$,
  $$
    select said, (tests.turn('pending')).id::text
    from unnest(array['opened', 'joined', 'joined']) as said
  $$,
  'the record says of each message which turn it opened or joined'
);

select * from finish();
rollback;
