begin;
select plan(3);

-- SETUP
update public.cc_settings set settle_grace_seconds = 60 where id;
create temp table doubt as select tests.uncertain_send('Hi', interval '90 seconds') as id;

-- TEST
select is(
  (select public.settle_send(id, 1, clock_timestamp() - interval '31 seconds', '[]') ->> 'outcome' from doubt),
  'too_early', 'what was read before the grace time had passed may have missed it'
);
select is(
  (select public.settle_send(id, 1, clock_timestamp() - interval '10 seconds', '[]') ->> 'outcome' from doubt),
  'absent_once', 'the first that began after it counts'
);
select ok(
  (tests.outbound(1)).absent_since > clock_timestamp() - interval '5 seconds',
  'and the time between the two counts from its end'
);

select * from finish();
rollback;
