begin;
select plan(4);

-- SETUP
select public.get_metrics();
delete from cc_private.metric_totals where name is not null;
insert into public.cc_audit_logs (
  actor_type, event_type, input_redacted, output_redacted, success, created_at, previous_hash, hash
)
select 'system', 'reply_sent', '{}', jsonb_build_object('waited_ms', ms), true,
  clock_timestamp() - interval '1 minute', '\x', '\x'
from unnest(array[100, 101, 2500, 60000, 400000]) as ms;
create temp table metric as
select found.*
from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric)
where name like 'reply_latency_ms%';

-- TEST
select results_eq(
  $$
    select label, value from metric
    where name = 'reply_latency_ms_bucket'
    order by nullif(label, '+Inf')::numeric nulls last
  $$,
  $$
    values ('0.1', 1::numeric), ('0.25', 2), ('0.5', 2), ('1', 2), ('2.5', 3), ('5', 3), ('10', 3),
      ('30', 3), ('60', 4), ('300', 4), ('+Inf', 5)
  $$,
  'each bucket counts what took no longer than its bound, in seconds'
);
select is(
  (select value from metric where name = 'reply_latency_ms_sum'), 462701.0, 'the sum is there'
);
select is(
  (select value from metric where label = '+Inf'),
  (
    select found.value
    from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric)
    where found.name = 'sends_total' and found.label = 'handed_over'
  ),
  'the last bucket has them all'
);
select is_empty(
  $$
    select from jsonb_to_recordset(public.get_metrics()) as found (name text, label text, value numeric)
    where name like 'turn_work_ms%' and value > 0
  $$,
  'what was not measured is in none'
);

select * from finish();
rollback;
