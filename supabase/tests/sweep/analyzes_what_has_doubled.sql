begin;
select plan(4);

-- SETUP
-- Tables of the service keep what other tests were told of them: pg_class is not rolled back.
create table cc_private.young (id integer);
create function pg_temp.known_rows() returns real language sql volatile
as $$ select reltuples from pg_class where oid = 'cc_private.young'::regclass $$;
select cc_private.analyze_grown_tables();

-- TEST
select is(cc_private.analyze_grown_tables(), 0, 'what was analyzed is left alone');
insert into cc_private.young select generate_series(1, 2000);
select cmp_ok(pg_temp.known_rows(), '<', 2000::real, 'Postgres knows nothing yet of what has come');
select cc_private.sweep();
select is(pg_temp.known_rows(), 2000::real, 'after the next sweep it does');
select is(cc_private.analyze_grown_tables(), 0, 'and has to look no more');

select * from finish();
rollback;
