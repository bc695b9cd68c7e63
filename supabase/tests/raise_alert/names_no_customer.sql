begin;
select plan(2);

-- SETUP
-- Every alert there is, about a customer whose name, address and words are easy to find.
select tests.orchestrator();
select tests.alerts();
update public.cc_settings
set alert_cooldown_minutes = 0, unanswered_alert_minutes = 1, uncertain_alert_minutes = 1,
  trigger_failures_alert_count = 1, turns_per_minute = 1
where id;
select tests.receive('Private words', name => 'Ana Private');
select public.fail_turn(
  (tests.claim() ->> 'turn_id')::uuid, 1, 'Private words', 'Private words of ' || tests.customer(), true
);
select public.hand_back(tests.conversation());
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select tests.receive('Private words');
select tests.claim();
update public.cc_turns set created_at = now() - interval '1 hour' where state = 'pending';
select cc_private.store_outbound_messages(tests.conversation(), null, 'reply', array['Private words']);
select public.claim_send(tests.conversation());
update public.cc_messages
set send_state = 'uncertain', send_lease_until = now() - interval '1 hour'
where id = (tests.outbound(2)).id;
select tests.answer((tests.ring(1)).request_id, 500);
select public.record_rejected_webhook('from_missing', '{"Body": "Private words"}', 'signature of tests');
select cc_private.sweep();

-- TEST
select set_eq(
  'select kind from cc_private.alerts',
  $$
    values ('turn_died'), ('message_doubled'), ('fuse_blown'), ('customer_unanswered'),
      ('sends_uncertain'), ('trigger_failures'), ('webhooks_rejected'), ('sweep_failed')
  $$,
  'each kind was raised'
);
select is_empty(
  $$
    select convert_from(body, 'UTF8')
    from tests.requests_to('http://alerts.test/hook')
    where convert_from(body, 'UTF8') ~* 'private|ana|15005550199'
  $$,
  'none carries anything of the customer'
);

select * from finish();
rollback;
