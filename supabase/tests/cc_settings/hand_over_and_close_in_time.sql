begin;
select plan(3);

-- SETUP
create temp table defaults (like public.cc_settings including defaults including generated);
insert into defaults default values;

-- TEST
select results_eq(
  'select hand_over_dead_turns, return_to_agent_minutes, close_after_minutes from defaults',
  $$ values (true, 720, 1440) $$, 'who got no answer gets a person, who has half a day, a conversation a whole one'
);
select throws_ok(
  'update public.cc_settings set return_to_agent_minutes = 0 where id', '23514', null, 'no time is no time'
);
select throws_ok(
  'update public.cc_settings set close_after_minutes = 59 where id', '23514', null, 'nor is less than an hour idle'
);

select * from finish();
rollback;
