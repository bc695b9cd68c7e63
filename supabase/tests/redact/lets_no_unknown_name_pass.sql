begin;
select plan(2);

-- SETUP
create temp table name as
select unnest(array[
  'body', 'body_text', 'from', 'from_address', 'name', 'customer_name', 'signature', 'error_message', 'text',
  'Seq', 'seq ', '', 'turn_id2', 'reason_text'
]) as name;

-- TEST
select is_empty(
  $$
    select name, form
    from name, unnest(array[
      '"Hello"', '"hello"', '1', 'true', 'null', '{"seq": 1}', '"3f2a5e0c-6f0b-4a51-9d30-0a0b0c0d0e0f"',
      '"SM0123456789abcdef0123456789abcdef"'
    ]::jsonb[]) as form
    where tests.redact(jsonb_build_object(name, form)) <> '{}'
  $$,
  'a fact under another name never enters, whatever its form'
);
select is(
  tests.redact('{"seq": 1, "body": "Hello"}'),
  '{"seq": 1}',
  'and does not keep out the known ones'
);

select * from finish();
rollback;
