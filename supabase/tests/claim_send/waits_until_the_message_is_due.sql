begin;
select plan(3);

-- SETUP
update public.cc_settings set backoff_base_ms = 10000 where id;
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'postponed', error_code => '20429');
create temp table claim as select public.claim_send(tests.conversation()) as answer;

-- TEST
select is((select answer ->> 'outcome' from claim), 'not_due', 'a postponed message waits, and so do the later ones');
select ok(
  (select (answer ->> 'due_in_ms')::numeric between 7000 and 12000 from claim),
  'the answer says how long, in milliseconds'
);
update public.cc_messages set send_due_at = clock_timestamp() where id = (tests.outbound(1)).id;
select is(
  public.claim_send(tests.conversation()) ->> 'attempt',
  '2',
  'then it is sent again, as the next attempt'
);

select * from finish();
rollback;
