begin;
select plan(3);

-- SETUP
select tests.receive('Hello');
select cc_private.append_audit(
  tests.conversation(),
  cc_private.audit_event('conversation_closed'),
  cc_private.audit_event('turn_failed', error_code => 'model_down', error_message => repeat('x', 300))
);

-- TEST
select ok((tests.event('conversation_closed')).success, 'what has no error code succeeded');
select ok(not (tests.event('turn_failed')).success, 'what has one failed');
select is(length((tests.event('turn_failed')).error_message), 200, 'a long message is cut');

select * from finish();
rollback;
