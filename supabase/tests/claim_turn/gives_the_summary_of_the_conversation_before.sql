begin;
select plan(3);

-- SETUP
select tests.reply('First answer');
select tests.receive('And then?');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, '{Later}', work => '{
  "agent": "openai", "summary": {"text": "They said hello.", "up_to_seq": 2}
}');
create temp table before as select tests.conversation() as id;
update public.cc_conversations set status = 'closed', created_at = now() - interval '2 days' where id = tests.conversation();
select tests.receive('New');
create function pg_temp.history() returns jsonb language plpgsql
as $$
begin
  perform tests.expire_leases();
  perform cc_private.expire_turn_leases();
  return (
    select jsonb_agg(message ->> 'text' order by number)
    from jsonb_array_elements(tests.claim() -> 'history') with ordinality as found (message, number)
    where message -> 'previous' = 'true'
  );
end;
$$;

-- TEST
select is(
  pg_temp.history(), '["[Summary of it: They said hello.]", "And then?", "Later"]',
  'in place of what it covers, before the last words'
);
update public.cc_settings set history_messages = 2 where id;
select is(
  pg_temp.history(), '["[Summary of it: They said hello.]", "Later"]', 'it takes the room of one message'
);
update public.cc_turns set tells_of_account = true where conversation_id = (select id from before);
select is(
  pg_temp.history(),
  '["And then?", "[Something about an account, told while the customer was verified.]"]',
  'and is left out where it may tell of an account'
);

select * from finish();
rollback;
