begin;
select plan(5);

-- SETUP
-- Ann and Bob wait, Bob longer; Cleo and Dan do not, Dan is the newer one.
create function pg_temp.of(person integer) returns text language sql
as $$ select 'whatsapp:+1500555020' || person $$;
select tests.receive('Hello', customer_address => pg_temp.of(person)) from generate_series(1, 4) as person;
update public.cc_turns set created_at = now() - interval '1 minute'
where conversation_id = tests.conversation(pg_temp.of(1));
update public.cc_turns set created_at = now() - interval '9 minutes'
where conversation_id = tests.conversation(pg_temp.of(2));
update public.cc_turns set state = 'answered', due_at = null, finished_at = now()
where conversation_id in (tests.conversation(pg_temp.of(3)), tests.conversation(pg_temp.of(4)));
update public.cc_conversations set created_at = now() - interval '1 hour'
where id = tests.conversation(pg_temp.of(3));

create function pg_temp.listed(page jsonb) returns text language sql
as $$
  select string_agg(right(conversation ->> 'address', 1), '' order by number)
  from jsonb_array_elements(page -> 'conversations') with ordinality as each (conversation, number)
  where conversation ->> 'address' like 'whatsapp:+1500555020_'
$$;

-- TEST
select is(pg_temp.listed(public.list_conversations(is_revealed => true)), '2143', 'who waits longest, then the newest');
select is(
  pg_temp.listed(public.list_conversations('waiting', is_revealed => true)), '21', 'those who wait alone'
);
update public.cc_turns set state = 'running', lease_until = now() + interval '1 minute', due_at = null
where conversation_id = tests.conversation(pg_temp.of(1));
insert into public.cc_turns (conversation_id) values (tests.conversation(pg_temp.of(1)));
select is(
  pg_temp.listed(public.list_conversations(is_revealed => true)), '2143', 'with two open turns still once'
);
select is(
  (
    select conversation ->> 'waiting_since'
    from jsonb_array_elements(public.list_conversations(is_revealed => true) -> 'conversations') as conversation
    where conversation ->> 'address' = pg_temp.of(1)
  )::timestamptz,
  now() - interval '1 minute', 'since the older one'
);
select throws_ok(
  $$ select public.list_conversations('some') $$, 'SB003', null, 'another list is refused'
);

select * from finish();
rollback;
