begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.reply('Hi');
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select tests.rung(interval '31 seconds');
update public.cc_messages set send_due_at = clock_timestamp() + interval '1 minute'
where id = (tests.outbound(1)).id;
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times from rung), 'not before its time');

update public.cc_messages set send_due_at = clock_timestamp() where id = (tests.outbound(1)).id;
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'then it is rung for');
select cmp_ok(
  (tests.outbound(1)).send_dispatched_at, '>', clock_timestamp() - interval '5 seconds',
  'the message knows when'
);
select public.claim_send(tests.conversation());
select tests.rung(interval '31 seconds');
select cc_private.dispatch_due();
select is(
  (select count(*) from tests.rings()), (select times + 1 from rung),
  'a message that a sender has needs no ring'
);

select * from finish();
rollback;
