begin;
select plan(4);

-- SETUP
select tests.reply('Hi');
select is(
  public.list_uncertain_sends() -> 'messages', '[]', 'while it waits nothing is in doubt'
);
select public.claim_send(tests.conversation());
select is(
  public.list_uncertain_sends() -> 'messages', '[]', 'nor while it has a sender'
);
select public.record_send((tests.outbound(1)).id, 1, 'uncertain', error_code => 'timed_out');

-- TEST
select is(
  public.list_uncertain_sends() -> 'messages',
  (
    select jsonb_build_array(jsonb_build_object(
      'message_id', id, 'attempt', 1, 'to_address', tests.customer(), 'claimed_at', send_claimed_at
    ))
    from tests.outbound(1)
  ),
  'the address to list, and the attempt to report for'
);
select ok(
  (public.list_uncertain_sends() ->> 'read_started_at')::timestamptz
    between clock_timestamp() - interval '1 second' and clock_timestamp(),
  'the time is the database''s'
);

select * from finish();
rollback;
