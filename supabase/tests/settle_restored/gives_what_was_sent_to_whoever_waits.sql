begin;
select plan(5);

-- SETUP
-- Two parts alike wait in the backup; since then Twilio was given one of them.
select tests.reply('Yes.', 'Yes.');
select tests.take_over('SM000000000000000000000000000a0001', 'Yes.', interval '0');
create temp table settled as select cc_private.settle_restored(clock_timestamp()) as counts;

-- TEST
select is((select counts ->> 'settled_sends' from settled), '1', 'one is known to have left');
select is((tests.outbound(1)).send_state, 'handed_over', 'the first of those that wait');
select is((tests.outbound(1)).provider_message_id, 'SM000000000000000000000000000a0001', 'by Twilio''s id');
select is((tests.outbound(2)).send_state, 'ready', 'the second still has to leave');
select is((tests.outbound(3)).error_code, 'owner_found', 'and what the sync took over is nobody''s');

select * from finish();
rollback;
