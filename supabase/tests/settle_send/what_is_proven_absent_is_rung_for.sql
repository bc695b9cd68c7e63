begin;
select plan(4);

-- SETUP
select tests.orchestrator();
update public.cc_settings set settle_grace_seconds = 60 where id;
create temp table doubt as select tests.uncertain_send('Hi', interval '5 minutes') as id;
update public.cc_messages set absent_since = clock_timestamp() - interval '2 minutes'
where id = (select id from doubt);
create temp table rung as select count(*) as times from tests.rings();
select public.settle_send(id, 1, clock_timestamp(), '[]') from doubt;

-- TEST
select results_eq(
  $$
    select send_state, send_due_at <= clock_timestamp(), send_lease_until, absent_since, error_code
    from tests.outbound(1)
  $$,
  $$ values ('ready', true, null::timestamptz, null::timestamptz, 'proven_absent') $$,
  'the message is ready and due'
);
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'the orchestrator is rung');
select is((tests.outbound(1)).send_attempt, 1, 'its attempts are counted on');
select results_eq(
  $$ select answer ->> 'outcome', answer ->> 'attempt' from public.claim_send(tests.conversation()) as answer $$,
  $$ values ('claimed', '2') $$, 'a sender gets it'
);

select * from finish();
rollback;
