begin;
select plan(7);

-- SETUP
select tests.orchestrator();
create temp table sid as select tests.next_sid() as first, tests.next_sid() as second;
select tests.receive('My secret word', sid => first) from sid;
select tests.receive('Another one', sid => second) from sid;
create temp table claim as select tests.claim() as answer;
select public.complete_turn((answer ->> 'turn_id')::uuid, 1, array['An answer']) from claim;
create temp table journey as select public.get_journey(first) as found from sid;
create function pg_temp.events() returns text[] language sql
as $$
  select array_agg(event ->> 'event_type' order by number)
  from journey, jsonb_array_elements(found -> 'events') with ordinality as each (event, number)
$$;

-- TEST
select is(public.get_journey('SM' || repeat('f', 32)), '{"outcome": "not_found"}', 'a stranger has none');
select is(
  pg_temp.events(),
  array['inbound_webhook_received', 'message_persisted', 'orchestrator_triggered', 'turn_claimed', 'turn_answered'],
  'its own steps and its turn''s, not those of the other message'
);
select is(found -> 'turn' ->> 'state', 'answered', 'its turn') from journey;
select is(jsonb_array_length(found -> 'replies'), 1, 'its reply') from journey;
select ok(found::text !~ 'secret|An answer|150055501', 'masked') from journey;
select ok(public.get_journey(first, true)::text ~ 'My secret word', 'until it is asked for') from sid;
select is(
  public.get_journey((tests.outbound(1)).provider_message_id), '{"outcome": "not_found"}', 'an answer has none of its own'
);

select * from finish();
rollback;
