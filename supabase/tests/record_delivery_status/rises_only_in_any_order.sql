begin;
select plan(4);

-- SETUP
-- Each order of two statuses, each on a message of its own.
select tests.reply('Hi');
select public.claim_send(tests.conversation());
create temp table word as
select *
from unnest(array[
  'accepted', 'scheduled', 'queued', 'sending', 'sent', 'failed', 'undelivered', 'canceled',
  'delivered', 'read'
]) as word (status);
create temp table pair as
select first.status as first, second.status as second, tests.next_sid() as sid, gen_random_uuid() as id,
  row_number() over () as number
from word as first, word as second;
insert into public.cc_messages (
  id, conversation_id, seq, direction, provider, provider_message_id, from_address, to_address,
  body_text, send_state
)
select pair.id, tests.conversation(), 100 + number, 'outbound', 'twilio', sid,
  tests.business(), tests.customer(), 'Hi', 'handed_over'
from pair;
create temp table answer as
select pair.*,
  public.record_delivery_status(sid, first) ->> 'outcome' as first_outcome,
  public.record_delivery_status(sid, second) ->> 'outcome' as second_outcome
from pair;

-- TEST
select is((select count(*) from answer where first_outcome = 'recorded'), 100::bigint, 'a first status is news');
select is_empty(
  $$
    select first, second, second_outcome
    from answer
    where (second_outcome = 'recorded')
      <> (cc_private.delivery_rank(second) > cc_private.delivery_rank(first))
      or second_outcome not in ('recorded', 'no_news')
  $$,
  'a second one is when it ranks higher'
);
select is_empty(
  $$
    select first, second, message.delivery_status
    from answer join public.cc_messages as message using (id)
    where message.delivery_status <> case when second_outcome = 'recorded' then second else first end
  $$,
  'the message keeps the higher one'
);
select is(
  (
    select count(*) from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type = 'delivery_status_changed'
  ),
  (select count(*) + 100 from answer where second_outcome = 'recorded'),
  'news are recorded, once each'
);

select * from finish();
rollback;
