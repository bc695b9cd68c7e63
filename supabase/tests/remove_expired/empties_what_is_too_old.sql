begin;
select plan(8);

-- SETUP
select tests.media();
create temp table message as select tests.receive_media() as id;
create temp table held as select tests.claim_media() as claim;
select tests.record_media(claim, 'stored') from held;
select tests.reply('An answer');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select public.record_rejected_webhook('from_missing', '{"Body": "secret"}', 'tests 1');
update public.cc_messages set created_at = now() - interval '31 days' where conversation_id = tests.conversation();
update public.cc_rejected_webhooks set created_at = now() - interval '31 days' where signature = 'tests 1';
select tests.receive('Something new');
select tests.receive('Waiting', customer_address => 'whatsapp:+15005550198');
update public.cc_messages set created_at = now() - interval '31 days'
where conversation_id = tests.conversation('whatsapp:+15005550198');

-- TEST
select is(cc_private.remove_expired(), '{"erasures": 0, "codes": 0}', 'without retention_days everything stays');
update public.cc_settings set retention_days = 30 where id;
create temp table entries as select count(*) from public.cc_audit_logs;
select is(
  cc_private.remove_expired(), '{"erasures": 0, "codes": 0, "messages": 3, "webhooks": 1}', 'what is older is removed'
);
select results_eq(
  $$
    select body_text, body_json - 'kind' = '{}', from_address in (tests.customer(), tests.business())
    from public.cc_messages where conversation_id = tests.conversation() order by seq
  $$,
  $$ values ('', true, true), ('', true, true), ('', true, true), ('Something new', false, true) $$,
  'by its words alone; what is newer stays'
);
select is(
  (select body_text from public.cc_messages where conversation_id = tests.conversation('whatsapp:+15005550198')),
  'Waiting', 'and so does what still waits for its answer'
);
select is_empty('select id from public.cc_media where message_id in (select id from message)', 'its files are forgotten');
select is(
  jsonb_array_length(public.claim_file_deletions(10)), 1, 'and deleted'
);
select is(
  (select count(*) from public.cc_audit_logs), (select count from entries), 'the record is not touched'
);
select is(cc_private.remove_expired(), '{"erasures": 0, "codes": 0, "messages": 0, "webhooks": 0}', 'that is all');

select * from finish();
rollback;
