begin;
select plan(3);

-- SETUP
-- Those of the changes that are taken.
create function pg_temp.taken(variadic changes text[])
returns setof text
language plpgsql
as $$
declare
  change text;
begin
  foreach change in array changes loop
    begin
      execute 'update public.cc_settings set ' || change || ' where id';
      return next change;
    exception when check_violation or not_null_violation then
    end;
  end loop;
end;
$$;

-- TEST
select is_empty(
  $$
    select pg_temp.taken(
      'lease_seconds = 61', 'lease_seconds = 0', 'send_lease_seconds = 61', 'send_lease_seconds = 0'
    )
  $$,
  'a lease lasts a second to a minute'
);
select is_empty(
  $$
    select pg_temp.taken(
      'debounce_ms = 9001', 'debounce_ms = -1', 'max_failures = 0', 'backoff_base_ms = 0',
      'history_messages = -1', 'retention_days = 0'
    )
  $$,
  'waits, failures and history have bounds'
);
select is_empty(
  $$ select pg_temp.taken('fallback_text = ''''', 'fallback_text = null') $$,
  'a customer is never told nothing'
);

select * from finish();
rollback;
