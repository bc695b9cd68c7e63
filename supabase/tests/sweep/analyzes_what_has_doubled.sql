begin;
select plan(4);

-- SETUP
create function pg_temp.known_rows() returns real language sql volatile
as $$ select reltuples from pg_class where oid = 'public.cc_customers'::regclass $$;
select cc_private.analyze_grown_tables();

-- TEST
select is(cc_private.analyze_grown_tables(), 0, 'what was analyzed is left alone');
insert into public.cc_customers (name) select 'Ada' from generate_series(1, 2000);
select cmp_ok(pg_temp.known_rows(), '<', 2000::real, 'Postgres knows nothing yet of what has come');
select cc_private.sweep();
select cmp_ok(pg_temp.known_rows(), '>=', 2000::real, 'after the next sweep it does');
select is(cc_private.analyze_grown_tables(), 0, 'and has to look no more');

select * from finish();
rollback;
