begin;
select plan(2);

-- SETUP
select tests.receive('One', business => 'whatsapp:+15005550101');
select tests.receive('Two', business => 'whatsapp:+15005550102');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, array['Hi']);

-- TEST
select is(
  (select business_address from public.cc_conversations where id = tests.conversation()),
  'whatsapp:+15005550102',
  'the conversation follows the customer to our other address'
);
select results_eq(
  $$ select from_address, to_address from tests.outbound(1) $$,
  $$ values ('whatsapp:+15005550102', tests.customer()) $$,
  'and the reply leaves from there'
);

select * from finish();
rollback;
