begin;
select plan(2);

-- SETUP
select tests.receive();
select tests.claim();
select tests.expire_leases();
select tests.claim(); -- Finds that the lease has ended.
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, '{Hello}', work => '{
  "agent": "openai", "input_tokens": 100, "summary": {"text": "A zombie''s words", "up_to_seq": 1}
}');

-- TEST
select is((tests.turn('running')).input_tokens, 0::bigint, 'a zombie''s tokens are in nobody''s books');
select is(
  (select summary from public.cc_conversations where id = tests.conversation()), null,
  'and its summary is none'
);

select * from finish();
rollback;
