begin;
select plan(8);

-- SETUP
create function pg_temp.verify(customer_address text, phone text) returns void language sql as $$
  select tests.receive(tests.ask_for_code(customer_address, phone) ->> 'code', customer_address => verify.customer_address)
$$;
select pg_temp.verify('whatsapp:+15005550201', '+15005550201');
select pg_temp.verify('whatsapp:+15005550202', '+15005550202');
select pg_temp.verify('whatsapp:CC.bsuid202', '+15005550203');
create temp table before as select tests.conversation('whatsapp:+15005550201') as closed;
select tests.ask_for_code('whatsapp:+15005550204', '+15005550204');

-- TEST
select is(
  (select count(*) from public.cc_verifications where state = 'verified'), 3::bigint, 'three are verified'
);
update public.cc_turns set state = 'silent', silent_reason = 'test', due_at = null, finished_at = clock_timestamp()
where state = 'pending';
update public.cc_messages set send_state = 'refused' where send_state = 'ready';
select public.close_conversation(closed) from before;
select is(
  (select state from public.cc_verifications join before on conversation_id = closed), 'ended',
  'closing a conversation ends it'
);
select tests.receive('Hello again', customer_address => 'whatsapp:+15005550201');
select ok(not tests.is_verified('whatsapp:+15005550201'), 'the next one begins without');

select public.ingest_inbound_message(
  tests.next_sid(), 'whatsapp:+15005550202', tests.business(), 'Both are me', '{"kind": "text"}',
  other_addresses => array['whatsapp:CC.bsuid202']
);
select is(
  (select count(*) from public.cc_verifications where state = 'verified'), 0::bigint,
  'when two customers turn out to be one, neither is verified any more'
);
select is(
  (select count(*) from public.cc_audit_logs where event_type = 'verification_ended'), 3::bigint, 'all is on record'
);

select is(
  (select count(*) from public.cc_verifications where state = 'asked'), 1::bigint, 'a code under way elsewhere stays'
);
select public.erase_customer(customer_id) from public.cc_customer_addresses where address = 'whatsapp:+15005550204';
select is(
  (select count(*) from public.cc_verifications where state = 'asked'), 0::bigint, 'erasing a customer removes it'
);
select is(
  (
    select count(*) from cc_private.code_targets
    where target_hash = cc_private.code_hash('target', '+15005550204')
  ),
  0::bigint, 'and what is known of the number'
);

select * from finish();
rollback;
