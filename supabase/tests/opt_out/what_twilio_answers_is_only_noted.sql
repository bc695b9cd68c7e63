begin;
select plan(7);

-- SETUP
create function pg_temp.receive(body text, opt_out_type jsonb) returns void language sql
as $$
  select public.ingest_inbound_message(
    tests.next_sid(), tests.customer(), tests.business(), body,
    jsonb_build_object('kind', 'text', 'parameters', jsonb_build_object('OptOutType', opt_out_type))
  )
$$;
create function pg_temp.is_opted_out() returns boolean language sql
as $$ select cc_private.is_opted_out(tests.conversation()) $$;
select tests.receive('Where is my card?');

-- TEST
select pg_temp.receive('help', '"HELP"');
select is(pg_temp.is_opted_out(), false, 'HELP changes nothing');
select is((tests.turn('pending')).silent_reason, null, 'what waits is answered all the same');
select pg_temp.receive('adios', '"STOP"');
select is(pg_temp.is_opted_out(), true, 'Twilio''s STOP opts out, whatever the word');
select is(
  (tests.event('customer_opted_out')).output_redacted ->> 'reason', 'advanced_opt_out', 'which is on record'
);
select pg_temp.receive('hola', '["START", "START"]');
select is(pg_temp.is_opted_out(), false, 'and its START opts in');
select results_eq(
  $$
    select message.body_text, turn.silent_reason
    from public.cc_messages as message
    join public.cc_turns as turn on turn.id = message.turn_id
    where message.conversation_id = tests.conversation() and message.direction = 'inbound'
    order by message.seq
  $$,
  $$
    values ('Where is my card?', 'opted_out'), ('help', 'opt_out_handled_by_twilio'),
      ('adios', 'opt_out_handled_by_twilio'), ('hola', 'opt_out_handled_by_twilio')
  $$,
  'no agent answers what Twilio has answered'
);
select is((tests.outbound(1)).id, null, 'nor do we');

select * from finish();
rollback;
