begin;
select plan(4);

-- SETUP
select tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
create temp table before as select count(*) as rows from public.cc_audit_logs;

-- TEST
select is(
  public.record_delivery_status('SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'sent'),
  '{"outcome": "unknown_message"}', 'it may be another system''s'
);
select is(
  public.record_delivery_status(
    'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'sent', '00000000-0000-4000-8000-000000000000'
  ),
  '{"outcome": "unknown_message"}', 'or one that is no more'
);
select is(
  public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'read'),
  '{"outcome": "unknown_message"}', 'what the customer wrote has no delivery'
);
select is((select count(*) from public.cc_audit_logs), (select rows from before), 'nothing is recorded');

select * from finish();
rollback;
