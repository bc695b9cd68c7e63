begin;
select plan(4);

-- SETUP
select tests.alerts();
update public.cc_settings set max_failures = 1 where id;
select tests.receive('Hello');
select tests.claim();
select tests.expire_leases();
select cc_private.expire_turn_leases();

-- TEST
select isnt(tests.turn('dead'), null, 'the turn is dead');
select results_eq(
  $$ select body_json ->> 'kind', send_state from tests.outbound(1) $$,
  $$ values ('fallback', 'ready') $$,
  'the customer is told'
);
select is((tests.event('turn_died')).error_code, 'lease_expired', 'the record says why');
select isnt(tests.alert('turn_died'), null, 'and so does an alert');

select * from finish();
rollback;
