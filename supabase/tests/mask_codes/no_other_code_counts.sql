begin;
select plan(9);

-- SETUP
create temp table mine as select tests.ask_for_code() ->> 'code' as code;
create temp table theirs as
select tests.ask_for_code('whatsapp:+15005550202', '+15005550202') ->> 'code' as code;

-- TEST
select is(
  (select (tests.receive(code)).body_text from theirs), '[code: wrong]', 'a code of another conversation is wrong here'
);
select ok(not tests.is_verified(), 'and verifies nobody');
select is(
  (select (tests.receive('Ref ' || code, customer_address => 'whatsapp:+15005550203')).body_text from mine),
  (select 'Ref ' || code from mine), 'where no code was asked for, six digits are six digits'
);
select ok(not tests.is_verified('whatsapp:+15005550203'), 'which verify nobody');
select is(
  (
    select (tests.receive(
      code, customer_address => '+15005550199', business => '+15005550100', channel => 'sms'
    )).body_text
    from mine
  ),
  '[code: of another conversation]', 'an answer to the SMS is masked'
);
select ok(not tests.is_verified('+15005550199'), 'and proves nothing, for it is the same channel');

update public.cc_verifications set expires_at = expires_at - interval '10 minutes' where true;
select is((select (tests.receive(code)).body_text from mine), '[code: expired]', 'an old code has expired');
update public.cc_verifications set expires_at = expires_at - interval '2 days' where true;
select is(
  (select (tests.receive(code)).body_text from mine), '[code: not asked for]', 'also when it is written days later'
);
select ok(not tests.is_verified(), 'it verifies nobody');

select * from finish();
rollback;
