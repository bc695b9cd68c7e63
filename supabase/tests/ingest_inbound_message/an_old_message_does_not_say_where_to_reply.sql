begin;
select plan(2);

-- SETUP
select tests.receive('Now', business => 'whatsapp:+15005550101');
select tests.recover('Earlier', '1 hour', business => 'whatsapp:+15005550102');

-- TEST
select is(
  (select business_address from public.cc_conversations where id = tests.conversation()),
  'whatsapp:+15005550101', 'replies leave from the number last written to'
);
select tests.receive('To another number', business => 'whatsapp:+15005550103');
select is(
  (select business_address from public.cc_conversations where id = tests.conversation()),
  'whatsapp:+15005550103', 'which a new message changes'
);

select * from finish();
rollback;
