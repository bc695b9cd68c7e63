begin;
select plan(2);

-- SETUP
select tests.reply('First', 'Second');
select public.claim_send(tests.conversation());
update public.cc_messages set delivery_status = 'delivered' where id = (tests.outbound(1)).id;
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid(), 'queued');
select public.claim_send(tests.conversation());
update public.cc_messages set delivery_status = 'accepted' where id = (tests.outbound(2)).id;
select public.record_send((tests.outbound(2)).id, 1, 'handed_over', tests.next_sid(), 'sent');

-- TEST
select is(
  (tests.outbound(1)).delivery_status, 'delivered',
  'a callback that was faster than the answer to the POST is not undone'
);
select is((tests.outbound(2)).delivery_status, 'sent', 'a higher status counts');

select * from finish();
rollback;
