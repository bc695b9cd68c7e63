begin;
select plan(3);

-- SETUP
create function pg_temp.gauges() returns table (name text, label text, value numeric) language sql
as $$
  select found.name, found.label, round(found.value)
  from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric)
  where found.name in ('turns', 'sends', 'oldest_unanswered_seconds')
$$;
create temp table idle as select * from pg_temp.gauges();

-- TEST
select set_eq(
  'select * from idle',
  $$
    values ('turns', 'pending', 0::numeric), ('turns', 'running', 0), ('turns', 'retrying', 0),
      ('sends', 'ready', 0), ('sends', 'sending', 0), ('sends', 'uncertain', 0),
      ('oldest_unanswered_seconds', '', 0)
  $$,
  'nothing waits, and that is said'
);
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
select tests.receive('And this?');
update public.cc_turns set created_at = clock_timestamp() - interval '100 seconds' where state = 'pending';
select set_eq(
  'select * from pg_temp.gauges()',
  $$
    values ('turns', 'pending', 1::numeric), ('turns', 'running', 0), ('turns', 'retrying', 0),
      ('sends', 'ready', 1), ('sends', 'sending', 1), ('sends', 'uncertain', 0),
      ('oldest_unanswered_seconds', '', 100)
  $$,
  'a turn waits, a message waits, one is being sent'
);
select tests.claim();
select public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out');
select set_eq(
  $$ select label, value from pg_temp.gauges() where value > 0 and name <> 'oldest_unanswered_seconds' $$,
  $$ values ('running', 1::numeric), ('ready', 1), ('uncertain', 1) $$,
  'then the turn is in work, and a send is in doubt'
);

select * from finish();
rollback;
