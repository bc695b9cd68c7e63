begin;
select plan(6);

-- SETUP
select tests.reply('Ready to go');
select tests.receive('And this?');
create temp table running as select tests.claim() as turn, tests.conversation() as conversation_id;
select tests.receive('And that?');
create temp table erased as
select public.erase_customer(conversation.customer_id) as answer
from public.cc_conversations as conversation where conversation.id = tests.conversation();

-- TEST
select is(answer ->> 'outcome', 'erased', 'it is done') from erased;
select results_eq(
  $$
    select state, silent_reason, count(*)::integer
    from public.cc_turns where conversation_id = (select conversation_id from running)
    group by state, silent_reason order by state
  $$,
  $$ values ('answered', null, 1), ('silent', 'customer_erased', 2) $$,
  'turns end in silence'
);
select is(
  public.complete_turn((turn ->> 'turn_id')::uuid, (turn ->> 'attempt')::integer, array['Hi Maria']),
  jsonb_build_object('outcome', 'silent', 'message_ids', jsonb_build_array()),
  'whoever works on one learns that, and stores nothing'
)
from running;
select results_eq(
  $$
    select send_state, error_code from public.cc_messages
    where conversation_id = (select conversation_id from running) and direction = 'outbound'
  $$,
  $$ values ('refused', 'customer_erased') $$,
  'what was not sent is refused'
);
select is(
  public.claim_send(conversation_id) ->> 'outcome', 'nothing_ready', 'nothing is left to be sent'
)
from running;
select is(
  public.claim_turn(conversation_id) ->> 'outcome', 'nothing_pending', 'and nothing to be answered'
)
from running;

select * from finish();
rollback;
