begin;
select plan(2);

-- SETUP
select tests.recover('STOP', '10 minutes');

-- TEST
select ok(cc_private.is_opted_out(tests.conversation()), 'STOP counts from Twilio''s time on');
select tests.recover('START', '5 minutes');
select ok(not cc_private.is_opted_out(tests.conversation()), 'so the START after it counts, though both came at once');

select * from finish();
rollback;
