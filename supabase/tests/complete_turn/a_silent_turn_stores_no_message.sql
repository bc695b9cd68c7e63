begin;
select plan(4);

-- SETUP
select tests.receive('Thanks!');
select tests.claim();

-- TEST
select is(
  public.complete_turn((tests.turn('running')).id, 1, silent_reason => 'nothing_to_say'),
  '{"outcome": "silent", "message_ids": []}',
  'silence is an end of its own'
);
select is((tests.turn('silent')).silent_reason, 'nothing_to_say', 'with its reason');
select is((tests.outbound(1)).id, null, 'and without a message');
select is(
  public.complete_turn((tests.turn('silent')).id, 1, silent_reason => 'nothing_to_say'),
  '{"outcome": "silent", "message_ids": []}',
  'a repeat is told the same'
);

select * from finish();
rollback;
