begin;
select plan(2);

-- SETUP
update public.cc_settings set max_failures = 5 where id;
select tests.receive('Hello');
select tests.claim();

-- TEST
select is(
  public.fail_turn((tests.turn('running')).id, 1, 'content_refused', is_final => true),
  '{"outcome": "dead"}',
  'what can never succeed is not tried again'
);
select is((tests.outbound(1)).body_json, '{"kind": "fallback"}', 'and its customer gets the fallback');

select * from finish();
rollback;
