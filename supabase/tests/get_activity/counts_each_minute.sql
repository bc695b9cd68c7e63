begin;
select plan(7);

-- SETUP
select tests.orchestrator();
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
create temp table counted as
select sum((minute ->> 'inbound')::integer) as inbound,
  sum((minute ->> 'handed_over')::integer) as handed_over,
  sum((minute ->> 'answered')::integer) as answered,
  sum((minute ->> 'dead')::integer) as dead,
  max((minute ->> 'waited_p99_ms')::integer) as waited_p99_ms
from jsonb_array_elements(
  public.get_activity(now() - interval '1 minute', now() + interval '1 minute')
) as minute;

-- TEST
select cmp_ok(inbound, '>=', 1::bigint, 'a message came in') from counted;
select cmp_ok(handed_over, '>=', 1::bigint, 'one left') from counted;
select cmp_ok(answered, '>=', 1::bigint, 'a turn was answered') from counted;
select is(dead, 0::bigint, 'none died') from counted;
select cmp_ok(waited_p99_ms, '>=', 0, 'and somebody waited for it') from counted;
select is(
  public.get_activity(now() + interval '1 minute', now() + interval '2 minutes'), '[]', 'nothing comes before its time'
);
select is(
  public.get_activity('2020-01-01', '2020-01-02'), '[]', 'nor after it'
);

select * from finish();
rollback;
