begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timeout');
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select is(
  public.settle_send((tests.outbound(1)).id, 1, clock_timestamp(), jsonb_build_array(jsonb_build_object(
    'sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'body', 'First', 'status', 'sent', 'date_created', now()
  ))),
  '{"outcome": "found"}', 'the first part is settled'
);
select is(
  (select count(*) from tests.rings()), (select times + 1 from rung), 'the second part is rung for'
);

select * from finish();
rollback;
