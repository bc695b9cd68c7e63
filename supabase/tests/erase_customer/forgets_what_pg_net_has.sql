begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('My secret');
select tests.receive('Another''s', customer_address => 'whatsapp:+15005550198');
select tests.reply('Hi');
create temp table answered as select (tests.ring(1)).*;
create temp table under_way as select (tests.ring(2)).*;
select public.dispatch_conversation(tests.conversation());
delete from net.http_request_queue
where id in (select request_id from answered union select request_id from under_way);
select tests.answer(request_id, 200) from answered;

-- TEST
select public.erase_customer(customer_id) from public.cc_conversations where id = tests.conversation();
select is_empty(
  $$ select id from net.http_request_queue where position(convert_to('+15005550199', 'UTF8') in body) > 0 $$,
  'no request about the customer waits'
);
select isnt_empty(
  $$ select id from net.http_request_queue where position(convert_to('+15005550198', 'UTF8') in body) > 0 $$,
  'those about others do'
);
select is_empty(
  'select id from net._http_response where id in (select request_id from answered)', 'no answer is left'
);
select results_eq(
  $$
    select request_id from cc_private.dispatches
    where conversation_id in (select conversation_id from answered)
  $$,
  'select request_id from under_way', 'of what is under way the sweep will see the answer'
);

select * from finish();
rollback;
