begin;
select plan(2);

-- SETUP
select tests.reply('First');
select public.claim_send(tests.conversation());
update public.cc_customers
set opted_out_at = now()
where id = (select customer_id from public.cc_conversations where id = tests.conversation());

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "busy"}',
  'a message in sending stays with its sender'
);
select tests.expire_leases();
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "uncertain"}',
  'and becomes uncertain like any other: it may have been sent'
);

select * from finish();
rollback;
