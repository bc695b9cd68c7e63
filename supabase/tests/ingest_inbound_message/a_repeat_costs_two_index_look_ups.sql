begin;
select plan(2);

-- SETUP
-- A table that the autovacuum found empty would be read from end to end; one without the index still is.
set local enable_seqscan = off;
select tests.receive(sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', signature => 'signature of tests');
create function pg_temp.scans()
returns table (relation name, number bigint)
language sql
as $$
  select relname, pg_stat_get_xact_numscans(oid)
  from pg_class
  where relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace) and relkind in ('r', 'i')
$$;
create temp table before as select * from pg_temp.scans();
create temp table repeated as
select * from public.ingest_inbound_message(
  'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'Hello',
  signature => 'signature of tests'
);
create temp table after as select * from pg_temp.scans();

-- TEST
select is((select is_new_message from repeated), false, 'the message was there');
select results_eq(
  $$
    select relation, after.number - before.number
    from before join after using (relation)
    where after.number <> before.number
    order by relation
  $$,
  $$
    values ('cc_messages_provider_message_id_key'::name, 1::bigint), ('webhook_signatures_pkey', 1)
  $$,
  'only the unique indexes of messages and signatures were asked, each once'
);

select * from finish();
rollback;
