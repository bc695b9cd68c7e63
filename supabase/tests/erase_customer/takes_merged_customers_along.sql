begin;
select plan(3);

-- SETUP
select tests.receive('By phone', customer_address => 'whatsapp:+15005550197');
create temp table younger as
select customer_id, id from public.cc_conversations where id = tests.conversation('whatsapp:+15005550197');
select tests.receive('By BSUID', customer_address => 'whatsapp:US.15005550199');
create temp table elder as
select customer_id, id from public.cc_conversations where id = tests.conversation('whatsapp:US.15005550199');
update public.cc_customers set merged_into = (select customer_id from elder)
where id = (select customer_id from younger);
update public.cc_customer_addresses set customer_id = (select customer_id from elder)
where customer_id = (select customer_id from younger);

-- TEST
select set_eq(
  'select cc_private.customer_family(customer_id) from younger',
  'select customer_id from younger union select customer_id from elder', 'the family is the same from each side'
);
select is(public.erase_customer(customer_id) ->> 'outcome', 'erased', 'whichever is erased') from younger;
select results_eq(
  $$
    select count(*)::integer from public.cc_messages
    where conversation_id in (select id from younger union select id from elder) and body_text = ''
  $$,
  'values (2)', 'both are'
);

select * from finish();
rollback;
