begin;
select plan(4);

-- SETUP
create function pg_temp.inbound() returns numeric language sql
as $$
  select coalesce(sum(found.value), 0)
  from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric)
  where found.name = 'messages_total' and found.label = 'inbound'
$$;
create function pg_temp.persist(ago interval) returns void language sql
as $$
  insert into public.cc_audit_logs (
    actor_type, event_type, input_redacted, output_redacted, success, created_at, previous_hash, hash
  )
  values ('system', 'message_persisted', '{}', '{}', true, clock_timestamp() - ago, '\x', '\x')
$$;
create temp table before as select pg_temp.inbound() as messages;

-- TEST
select pg_temp.persist('1 minute'), pg_temp.persist('16 seconds');
select is(pg_temp.inbound(), (select messages + 2 from before), 'what happened is counted');
select is(pg_temp.inbound(), (select messages + 2 from before), 'and not again by the next question');
select pg_temp.persist('10 seconds');
select is(
  pg_temp.inbound(), (select messages + 2 from before),
  'the last fifteen seconds wait: a slower transaction may still bring an earlier row'
);
-- The same row, later.
select pg_temp.persist('20 seconds');
select is(pg_temp.inbound(), (select messages + 4 from before), 'until then nothing is passed over');

select * from finish();
rollback;
