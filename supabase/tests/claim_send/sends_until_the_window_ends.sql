begin;
select plan(1);

-- SETUP
select tests.reply('First');
update public.cc_conversations
set last_inbound_at = now() - interval '23 hours 59 minutes 59 seconds'
where id = tests.conversation();

-- TEST
select is(
  public.claim_send(tests.conversation()) ->> 'outcome',
  'claimed',
  'within 24 hours of the customer''s last message a reply may leave'
);

select * from finish();
rollback;
