begin;
select plan(5);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create temp table stored as select (tests.receive(code)).* from asked;

-- TEST
update public.cc_messages as message
set body_text = 'Again ' || asked.code,
  body_json = jsonb_build_object('kind', 'text', 'parameters', jsonb_build_object('Body', jsonb_build_array(asked.code)))
from asked, stored
where message.id = stored.id;
select is(
  (select message.body_text from public.cc_messages as message join stored using (id)), 'Again [code: correct]',
  'a webhook that brings its words once more finds them masked'
);
select is(
  (select message.body_json #>> '{parameters,Body,0}' from public.cc_messages as message join stored using (id)),
  '[code: correct]', 'so does its payload'
);

select tests.ask_for_code('whatsapp:+15005550202', '+15005550202');
delete from vault.secrets where name = 'code_key';
select is(
  (tests.receive('123456', customer_address => 'whatsapp:+15005550202')).body_text, '[code: unreadable]',
  'without the key a code is masked, and its message stored'
);
select is(
  (tests.receive('123', customer_address => 'whatsapp:+15005550202')).body_text, '[code: unreadable]', 'so is a part of one'
);
select ok(not tests.is_verified('whatsapp:+15005550202'), 'and nobody is verified');

select * from finish();
rollback;
