begin;
select plan(9);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
create function pg_temp.sent_for(ago interval) returns void language sql
as $$
  update public.cc_messages as message
  set handed_over_at = clock_timestamp() - ago, delivery_checked_at = null, delivery_watch_ended_at = null
  where message.id = (tests.outbound(1)).id
$$;

-- TEST
select is(public.claim_stale_deliveries(), '[]', 'it may still come by itself');
select pg_temp.sent_for('16 minutes');
select is(
  public.claim_stale_deliveries() #>> '{0, provider_message_id}', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'after a quarter of an hour it is asked for'
);
select is(public.claim_stale_deliveries(), '[]', 'once, until it is twice as old');
select pg_temp.sent_for('8 days');
select is(public.claim_stale_deliveries(), '[]', 'and not for ever');
select isnt((tests.outbound(1)).delivery_watch_ended_at, null, 'it leaves the watch');
select pg_temp.sent_for('16 minutes');
select public.claim_stale_deliveries();
select is((tests.outbound(1)).delivery_watch_ended_at, null, 'what has no last word stays watched');
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'delivered', is_refresh => true);
select is((tests.outbound(1)).delivery_watch_ended_at, null, 'its last word leaves that to the sync');
select is(public.claim_stale_deliveries(), '[]', 'what has arrived is left alone');
select isnt((tests.outbound(1)).delivery_watch_ended_at, null, 'and leaves the watch');

select * from finish();
rollback;
