begin;
select plan(8);

-- SETUP
select tests.receive('Hello', 'SM1');

create function pg_temp.breaks(rule text, change text)
returns text language sql
as $$
  select throws_ok(
    format('update public.cc_turns set %s where id is not null', change),
    '23514', format('new row for relation "cc_turns" violates check constraint "%s"', rule),
    format('%s: not %s', rule, change)
  )
$$;

-- TEST
select pg_temp.breaks('state_is_valid', $$state = 'done'$$);
select pg_temp.breaks('lease_only_when_running', $$state = 'running'$$);
select pg_temp.breaks('lease_only_when_running', 'lease_until = now()');
select pg_temp.breaks('finished_at_only_when_finished', $$state = 'dead'$$);
select pg_temp.breaks('finished_at_only_when_finished', 'finished_at = now()');
select pg_temp.breaks(
  'finished_at_is_not_before_created_at', $$state = 'dead', finished_at = created_at - interval '1 second'$$
);
select pg_temp.breaks('reason_when_silent', $$state = 'silent', finished_at = clock_timestamp()$$);
select pg_temp.breaks('reason_when_silent', $$silent_reason = 'opted_out'$$);

select * from finish();
rollback;
