begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, array['First', 'Second']);

-- TEST
select results_eq(
  $$ select ring ->> 'messageId' from tests.rings() as ring offset 1 $$,
  $$ values ((tests.outbound(1)).id::text) $$,
  'once for all parts, since whoever stored them may not live to send'
);
delete from vault.secrets where name = 'orchestrator_url';
select tests.receive('And this?');
select tests.claim();
select is(
  public.complete_turn((tests.turn('running')).id, 1, array['Third']) ->> 'outcome',
  'answered',
  'what cannot be rung is stored all the same'
);

select * from finish();
rollback;
