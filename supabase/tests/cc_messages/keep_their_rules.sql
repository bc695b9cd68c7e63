begin;
select plan(11);

-- SETUP
select tests.receive('Hello', 'SM1');
select tests.reply('Hi');

create function pg_temp.breaks(rule text, direction text, change text)
returns text language sql
as $$
  select throws_ok(
    format('update public.cc_messages set %s where direction = %L', change, direction),
    '23514', format('new row for relation "cc_messages" violates check constraint "%s"', rule),
    format('%s: not %s', rule, change)
  )
$$;

-- TEST
select pg_temp.breaks('direction_is_valid', 'outbound', $$direction = 'sideways'$$);
select pg_temp.breaks('send_state_is_valid', 'outbound', $$send_state = 'sent'$$);
select pg_temp.breaks('inbound_has_provider_message_id', 'inbound', 'provider_message_id = null');
select pg_temp.breaks('inbound_has_turn', 'inbound', 'turn_id = null');
select pg_temp.breaks('send_state_only_when_outbound', 'inbound', $$send_state = 'ready'$$);
select pg_temp.breaks('send_state_only_when_outbound', 'outbound', 'send_state = null');
select pg_temp.breaks('send_lease_when_in_flight', 'outbound', $$send_state = 'sending'$$);
select pg_temp.breaks('send_lease_when_in_flight', 'outbound', 'send_lease_until = now()');
select pg_temp.breaks('absent_only_when_uncertain', 'outbound', 'absent_since = now()');
select pg_temp.breaks('handed_over_has_provider_message_id', 'outbound', $$send_state = 'handed_over'$$);
select pg_temp.breaks('completed_only_when_recovered', 'inbound', 'completed_at = now()');

select * from finish();
rollback;
