begin;
select plan(7);

-- SETUP
create temp table shown as
select cc_private.shown_row(jsonb_build_object(
  'id', 'an-id', 'from_address', 'whatsapp:+15005550199', 'provider_conversation_id', '+15005550199',
  'body_text', 'secret', 'body_json', '{"kind": "text", "parameters": {"Body": "secret"}}'::jsonb,
  'seq', 7, 'created_at', '2026-01-01', 'erased_at', null, 'a_new_column', 'secret'
), false)::jsonb as "row";

-- TEST
select is("row" ->> 'id', 'an-id', 'ids are shown') from shown;
select is("row" ->> 'from_address', 'whatsapp:•••99', 'addresses by their last two characters') from shown;
select is("row" ->> 'provider_conversation_id', '•••99', 'by whatever name') from shown;
select is("row" -> 'seq', '7', 'numbers are shown') from shown;
select is("row" -> 'body_json' ->> 'kind', 'text', 'of a payload its kind') from shown;
select unalike("row"::text, '%secret%', 'no text, no payload, no column that is new') from shown;
select is(
  cc_private.shown_row('{"a_new_column": "secret"}', true)::jsonb ->> 'a_new_column', 'secret',
  'everything when it is asked for'
);

select * from finish();
rollback;
