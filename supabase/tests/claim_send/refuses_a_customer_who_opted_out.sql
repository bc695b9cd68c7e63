begin;
select plan(3);

-- SETUP
select tests.reply('First', 'Second');
update public.cc_customers
set opted_out_at = now()
where id = (select customer_id from public.cc_conversations where id = tests.conversation());

-- TEST
select is(
  public.claim_send(tests.conversation()),
  '{"outcome": "nothing_ready"}',
  'nothing leaves for somebody who wants no messages'
);
select results_eq(
  $$
    select send_state, send_due_at, error_code
    from public.cc_messages
    where conversation_id = tests.conversation() and direction = 'outbound'
  $$,
  $$ values ('refused', null::timestamptz, 'opted_out'), ('refused', null, 'opted_out') $$,
  'what waited is refused, all of it'
);
select results_eq(
  $$
    select message_id, success, error_code
    from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type = 'reply_refused'
    order by id
  $$,
  $$ values ((tests.outbound(1)).id, false, 'opted_out'), ((tests.outbound(2)).id, false, 'opted_out') $$,
  'and each is on record'
);

select * from finish();
rollback;
