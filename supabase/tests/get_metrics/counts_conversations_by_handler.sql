begin;
select plan(3);

-- SETUP
create function pg_temp.gauges() returns table (name text, label text, value numeric) language sql
as $$
  select found.name, found.label, found.value
  from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric)
  where found.name in ('conversations', 'waiting_for_person')
$$;

-- TEST
select set_eq(
  'select * from pg_temp.gauges()',
  $$ values ('conversations', 'agent', 0::numeric), ('conversations', 'human', 0), ('waiting_for_person', '', 0) $$,
  'there is none'
);
select tests.receive('One');
select tests.receive('Two', customer_address => 'whatsapp:+15005550198');
select public.hand_over(tests.conversation());
select set_eq(
  'select * from pg_temp.gauges()',
  $$ values ('conversations', 'agent', 1::numeric), ('conversations', 'human', 1), ('waiting_for_person', '', 1) $$,
  'one is the agent''s, in the other a customer waits for a person'
);
select results_eq(
  $$ select name, label from cc_private.metrics_of(tests.event('conversation_handed_over')) where name = 'hand_overs_total' $$,
  $$ values ('hand_overs_total', 'human') $$, 'and hand-overs are counted by who made them'
);

select * from finish();
rollback;
