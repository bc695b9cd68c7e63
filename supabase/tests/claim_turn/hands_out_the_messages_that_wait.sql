begin;
select plan(3);

-- SETUP
select tests.receive('One', name => 'Ana');
select tests.receive('Two');
create temp table claim as select tests.claim() as answer;

-- TEST
select is(
  (select answer - '{messages, lease_ms}'::text[] from claim),
  jsonb_build_object(
    'outcome', 'claimed', 'turn_id', (tests.turn('running')).id, 'attempt', 1,
    'is_last_attempt', false, 'may_use_model', true,
    'channel', 'whatsapp', 'provider', 'twilio',
    'customer_address', tests.customer(), 'business_address', tests.business(),
    'customer_name', 'Ana', 'summary', null, 'history', '[]'::jsonb
  ),
  'the turn is running, at its first attempt'
);
select results_eq(
  $$ select message ->> 'text' from claim, jsonb_array_elements(answer -> 'messages') as message $$,
  $$ values ('One'), ('Two') $$,
  'with its messages in order'
);
select results_eq(
  $$ select key from claim, jsonb_object_keys(answer -> 'messages' -> 0) as key order by key $$,
  $$
    values ('created_at'), ('details'), ('direction'), ('id'), ('kind'), ('media_types'),
      ('replied_to'), ('seq'), ('stored_media'), ('text')
  $$,
  'each as an agent sees it: no address, no payload'
);

select * from finish();
rollback;
