begin;
select plan(2);

-- SETUP
select tests.orchestrator();
create temp table waiting as
select customer_address, tests.receive('Hello', customer_address => customer_address) as message, due_ago
from (values
  ('whatsapp:+15005550111', interval '1 minute'),
  ('whatsapp:+15005550112', interval '3 minutes'),
  ('whatsapp:+15005550113', interval '2 minutes')
) as customer (customer_address, due_ago);
update public.cc_turns as turn
set due_at = clock_timestamp() - waiting.due_ago, dispatched_at = null
from waiting
where turn.id = (waiting.message).turn_id;

-- TEST
select is(
  array(
    select waiting.customer_address
    from cc_private.conversations_to_dispatch() with ordinality as found (id, number)
    join waiting on (waiting.message).conversation_id = found.id
    order by found.number
  ),
  '{whatsapp:+15005550112, whatsapp:+15005550113, whatsapp:+15005550111}',
  'the longest wait goes first'
);
select cc_private.dispatch_due();
select is(
  array(
    select waiting.customer_address
    from cc_private.dispatches as dispatch
    join waiting on (waiting.message).conversation_id = dispatch.conversation_id
    where dispatch.message_id is null
    order by dispatch.request_id
  ),
  '{whatsapp:+15005550112, whatsapp:+15005550113, whatsapp:+15005550111}',
  'and it is rung for in that order'
);

select * from finish();
rollback;
