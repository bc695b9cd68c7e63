begin;
select plan(5);

-- SETUP
update public.cc_settings
set outside_window_content_sid = 'HX0123456789abcdef0123456789abcdef',
  outside_window_content_variables = '{"1": "{{text}}", "first_name": "Ana"}'
where id;
select tests.reply(E'  One\n\n\tand     two \\1 & \\\\ ');
create temp table inside as select public.claim_send(tests.conversation()) as claim;
select public.record_send((claim ->> 'message_id')::uuid, 1, 'postponed', error_code => '20429') from inside;
update public.cc_conversations
set last_inbound_at = now() - interval '24 hours 1 second'
where id = tests.conversation();
update public.cc_messages set send_due_at = now() where id = (tests.outbound(1)).id;
create temp table outside as select public.claim_send(tests.conversation()) as claim;

-- TEST
select is((select claim -> 'template' from inside), 'null', 'inside it leaves as the text that it is');
select is(
  (select claim #>> '{template,content_sid}' from outside), 'HX0123456789abcdef0123456789abcdef',
  'outside the template leaves'
);
select is(
  (select (claim #>> '{template,content_variables}')::jsonb from outside),
  '{"1": "One and two \\1 & \\\\", "first_name": "Ana"}', 'with our text on one line'
);
select is((tests.outbound(1)).content_sid, 'HX0123456789abcdef0123456789abcdef', 'the row says so');
select is(
  (
    select public.record_send((claim ->> 'message_id')::uuid, 2, 'handed_over', tests.next_sid(), 'queued')
    from outside
  ),
  '{"outcome": "recorded"}', 'and it is recorded like any other'
);

select * from finish();
rollback;
