begin;
select plan(2);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.reply('Never seen', 'Seen');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'refused', error_code => '21211');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(2)).id, 1, 'handed_over', tests.next_sid());
select tests.receive('Thanks');
create temp table history as
select message ->> 'text' as text
from jsonb_array_elements(tests.claim() -> 'history') with ordinality as listed (message, number)
order by number;

-- TEST
select is(
  array(select text from history), '{Hello, Seen}', 'the agent reads what the customer reads'
);
select public.fail_turn((tests.turn('running')).id, 1, 'model_down', is_final => true);
select tests.receive('Anybody?');
select is(
  (select array_agg(message ->> 'text') from jsonb_array_elements(tests.claim() -> 'history') as message),
  (select array['Hello', 'Seen', 'Thanks', fallback_text] from public.cc_settings),
  'also what is still to be sent'
);

select * from finish();
rollback;
