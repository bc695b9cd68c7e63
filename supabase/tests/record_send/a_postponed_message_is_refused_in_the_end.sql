begin;
select plan(5);

-- SETUP
update public.cc_settings set max_send_attempts = 3 where id;
select tests.reply('First', 'Second');
create function pg_temp.postpone() returns void language plpgsql
as $$
begin
  update public.cc_messages set send_due_at = clock_timestamp() where id = (tests.outbound(1)).id;
  perform public.claim_send(tests.conversation());
  perform public.record_send(
    (tests.outbound(1)).id, (tests.outbound(1)).send_attempt, 'postponed',
    error_code => '20429', error_message => 'Too many requests'
  );
end;
$$;

-- TEST
select pg_temp.postpone(), pg_temp.postpone();
select is((tests.outbound(1)).send_state, 'ready', 'Twilio said later, twice');
select is(tests.event('reply_refused'), null, 'that is no refusal');
select pg_temp.postpone();
select results_eq(
  $$ select send_state, send_due_at, error_code, error_message from tests.outbound(1) $$,
  $$ values ('refused', null::timestamptz, '20429', 'Too many requests') $$,
  'at max_send_attempts it is one'
);
select results_eq(
  $$ select success, error_code, output_redacted ->> 'attempt' from tests.event('reply_refused') $$,
  $$ values (false, '20429', '3') $$, 'which the record says'
);
select is(public.claim_send(tests.conversation()) ->> 'body_text', 'Second', 'the next one leaves');

select * from finish();
rollback;
