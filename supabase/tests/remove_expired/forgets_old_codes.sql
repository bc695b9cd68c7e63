begin;
select plan(4);

-- SETUP
select tests.ask_for_code();
select tests.ask_for_code('whatsapp:+15005550202', '+15005550202');

-- TEST
select is((cc_private.remove_expired() ->> 'codes')::integer, 0, 'what is new stays');
update cc_private.code_targets set sent_at = sent_at - interval '73 hours'
where target_hash = cc_private.code_hash('target', '+15005550202');
select is((cc_private.remove_expired() ->> 'codes')::integer, 1, 'limits are kept for three days');
update public.cc_verifications set asked_at = asked_at - interval '31 days'
where conversation_id = tests.conversation('whatsapp:+15005550202');
select is((cc_private.remove_expired() ->> 'codes')::integer, 1, 'and verifications for thirty');
select is((select count(*) from public.cc_verifications), 1::bigint, 'each by its own age');

select * from finish();
rollback;
