begin;
select plan(5);

-- SETUP
create function pg_temp.report(number integer, status text) returns jsonb language sql
as $$
  select public.record_delivery_status(lpad(number::text, 34, 'SM00000000000000000000000000000000'), status, (tests.outbound(number)).id)
$$;
select tests.reply('Sending', 'Uncertain', 'Postponed', 'Waiting');

-- TEST
select public.claim_send(tests.conversation());
select is(pg_temp.report(1, 'queued'), '{"outcome": "recorded"}', 'faster than the answer to the POST');

select public.claim_send(tests.conversation());
select tests.expire_leases();
select public.claim_send(tests.conversation());
select is(pg_temp.report(2, 'delivered'), '{"outcome": "recorded"}', 'after the sender vanished');

select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(3)).id, 1, 'postponed', error_code => '20429');
select is(pg_temp.report(3, 'sent'), '{"outcome": "recorded"}', 'after the message was to be sent again');

select results_eq(
  $$
    select send_state, delivery_status, send_lease_until, send_due_at, absent_since, error_code,
      handed_over_at is not null
    from generate_series(1, 3) as number, tests.outbound(number)
  $$,
  $$
    select 'handed_over', status, null::timestamptz, null::timestamptz, null::timestamptz, null, true
    from unnest(array['queued', 'delivered', 'sent']) as status
  $$,
  'Twilio has each'
);
select is(
  public.claim_send(tests.conversation()) ->> 'body_text', 'Waiting', 'none is sent again; the next one leaves'
);

select * from finish();
rollback;
