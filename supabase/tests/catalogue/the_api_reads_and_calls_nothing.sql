begin;
select plan(5);

-- SETUP
create function pg_temp.answers(role name, statements text[])
returns setof text
language plpgsql
as $$
declare
  statement text;
begin
  foreach statement in array statements loop
    begin
      execute format('set local role %I', role);
      execute statement;
      return next statement;
    exception
      when insufficient_privilege then null;
      when others then return next statement;
    end;
    reset role;
  end loop;
end;
$$;
create temp table statement as
select array_agg('select from ' || oid::regclass) as reads
from pg_class
where relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace) and relkind in ('r', 'p', 'v', 'm', 'S');
create temp table call as
select array_agg(format(
  'select %s(%s)', found.oid::regproc,
  (
    select string_agg(format('null::%s', type::regtype), ', ' order by number)
    from unnest(found.proargtypes) with ordinality as argument (type, number)
  )
)) as calls
from pg_proc as found
where found.pronamespace = 'public'::regnamespace and found.prosecdef;

-- TEST
select is_empty($$ select pg_temp.answers('anon', reads) from statement $$, 'anon reads no table');
select is_empty($$ select pg_temp.answers('authenticated', reads) from statement $$, 'authenticated reads no table');
select is_empty($$ select pg_temp.answers('service_role', reads) from statement $$, 'service_role reads no table');
select is_empty($$ select pg_temp.answers('anon', calls) from call $$, 'anon calls no function');
select is_empty($$ select pg_temp.answers('authenticated', calls) from call $$, 'authenticated calls no function');

select * from finish();
rollback;
