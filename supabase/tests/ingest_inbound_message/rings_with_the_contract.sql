begin;
select plan(3);

-- SETUP
select tests.orchestrator('http://orchestrator.test/functions/v1/orchestrator', 'test-key');
create temp table message as select * from tests.receive('Hello', name => 'Ana');
create temp table ring as
select request.*
from net.http_request_queue as request
where request.id = (tests.ring(1)).request_id;

-- TEST
select results_eq(
  'select method::text, url, timeout_milliseconds from ring',
  $$ values ('POST', 'http://orchestrator.test/functions/v1/orchestrator', 5000) $$,
  'it goes to the orchestrator, which has five seconds to say that it heard'
);
select is(
  (select headers from ring),
  '{"Content-Type": "application/json", "apikey": "test-key"}',
  'it carries the orchestrator''s key'
);
select is(
  (select convert_from(body, 'UTF8')::jsonb from ring),
  (
    select jsonb_build_object(
      'conversationId', conversation_id,
      'messageId', id,
      'message', 'Hello',
      'customerInfo', jsonb_build_object('address', tests.customer(), 'name', 'Ana'),
      'channel', jsonb_build_object(
        'name', 'whatsapp', 'provider', 'twilio', 'from', tests.customer(), 'to', tests.business()
      )
    )
    from message
  ),
  'it says what the contract says, and no more'
);

select * from finish();
rollback;
