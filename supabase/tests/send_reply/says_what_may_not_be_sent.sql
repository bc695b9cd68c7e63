begin;
select plan(6);

-- SETUP
select tests.receive('One');
select public.hand_over(tests.conversation());
create function pg_temp.press() returns jsonb language sql
as $$ select public.send_reply('00000000-0000-4000-8000-000000000001', tests.conversation(), 1, array['Yes.']) $$;
update public.cc_conversations set last_inbound_at = now() - interval '25 hours' where id = tests.conversation();

-- TEST
select is(pg_temp.press(), '{"outcome": "refused", "reason": "outside_window"}', 'WhatsApp''s day is over');
select isnt(tests.turn('pending'), null, 'nobody is answered by it');
update public.cc_settings set outside_window_content_sid = 'HX' || repeat('0', 32) where id;
update public.cc_customers set opted_out_at = now()
where id = (select customer_id from public.cc_conversations where id = tests.conversation());
select is(pg_temp.press(), '{"outcome": "refused", "reason": "opted_out"}', 'the customer wants nothing');
update public.cc_customers set opted_out_at = null
where id = (select customer_id from public.cc_conversations where id = tests.conversation());
select is(pg_temp.press() ->> 'outcome', 'stored', 'a template may leave');
update public.cc_settings set outside_window_content_sid = null where id;
select is(pg_temp.press() ->> 'outcome', 'already_stored', 'what is stored stays stored');
select is(public.claim_send(tests.conversation()), '{"outcome": "nothing_ready"}', 'until it is refused when it leaves');

select * from finish();
rollback;
