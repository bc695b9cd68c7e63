begin;
select plan(2);

-- SETUP
select tests.recover('STOP', is_answered => true);

-- TEST
select ok(cc_private.is_opted_out(tests.conversation()), 'it opts the customer out all the same');
select is((tests.outbound(1)).id, null, 'the customer has been told already');

select * from finish();
rollback;
