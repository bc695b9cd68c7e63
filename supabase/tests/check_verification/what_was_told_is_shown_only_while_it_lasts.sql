begin;
select plan(6);

-- SETUP
select tests.receive('Hello');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;

-- TEST
select is(
  (select public.check_verification(id, 1) ->> 'outcome' from turn), 'not_verified', 'nobody is verified without a code'
);
select public.complete_turn(id, 1, array['Hi']) from turn;
select tests.receive(tests.ask_for_code() ->> 'code');
select tests.claim();
select is(
  (select public.check_verification((tests.turn('running')).id, 1) ->> 'outcome'), 'verified', 'with it they are'
);
select is(
  (select public.check_verification((tests.turn('running')).id, 2) ->> 'outcome'), 'lease_lost',
  'an attempt that nobody has learns nothing'
);
select public.complete_turn((tests.turn('running')).id, 1, array['You have 1234.56 EUR']);
update public.cc_conversations set summary = 'Has 1234.56 EUR', summary_seq = 1 where true;
select tests.receive('And?');
select ok(tests.claim()::text like '%1234.56%1234.56%', 'while it lasts the agent is shown reply and summary');
select public.fail_turn((tests.turn('running')).id, 1, 'model_timeout');

update public.cc_verifications set verified_until = verified_until - interval '31 minutes' where true;
create temp table late as select tests.claim() as claim;
select ok((select claim::text not like '%1234.56%' from late), 'afterwards neither');
select ok(
  (select claim -> 'history' @> '[{"text": "Hi"}]' from late), 'what is about no account is shown as ever'
);

select * from finish();
rollback;
