begin;
select plan(6);

-- SETUP
create function pg_temp.passed(names text[], forms jsonb[])
returns setof jsonb
language sql
as $$
  select fact
  from unnest(names) as name, unnest(forms) as form,
    tests.redact(jsonb_build_object(name, form)) as fact
  where fact <> '{}'
$$;
create temp table forms as
select array[
  '"Hello, I am Ana"', '"+15005550199"', '"whatsapp:+15005550199"', '"ana@example.com"', '""',
  '"Text"', '"text\nHello, I am Ana"', '"text "', '"5 Elm Street"', '"água"',
  'null', '{"text": "text"}', '["text"]', '["whatsapp:+15005550199"]', 'true'
]::jsonb[] as wrong;

-- TEST
select is_empty(
  $$
    select pg_temp.passed(
      '{turn_id, reply_id, rejected_webhook_id}',
      wrong || array[
        '1', '"3f2a5e0c"', '"3f2a5e0c-6f0b-4a51-9d30-0a0b0c0d0e0f "', '"Ana 3f2a5e0c-6f0b-4a51-9d30-0a0b0c0d0e0f"'
      ]::jsonb[]
    )
    from forms
  $$,
  'an id is a UUID and nothing else'
);
select is_empty(
  $$
    select pg_temp.passed(
      '{message_sid}',
      wrong || array[
        '1', '"SM0123"', '"AC0123456789abcdef0123456789abcdef"', '"Ana SM0123456789abcdef0123456789abcdef"',
        '"SM0123456789abcdef0123456789abcdef Ana"'
      ]::jsonb[]
    )
    from forms
  $$,
  'a message_sid is Twilio''s id of a message'
);
select is_empty(
  $$
    select pg_temp.passed(
      '{provider, channel, kind, reason, agent, turn}',
      -- JSON's own words look like ours.
      array_remove(wrong, 'true') || ('"' || repeat('a', 41) || '"')::jsonb || '1'::jsonb
    )
    from forms
  $$,
  'a kind is one word in lower case'
);
select is_empty(
  $$
    select pg_temp.passed(
      '{delivery_status}', wrong || array['"maria_silva"', '"Sent"', '"sent "', '1']::jsonb[]
    )
    from forms
  $$,
  'a delivery status is one of Twilio''s words'
);
select is_empty(
  $$
    select pg_temp.passed(
      '{
        seq, attempt, failure_count, media_count, body_length, part_count, message_count,
        parameter_count, due_in_ms, request_id
      }',
      wrong || '"1"'::jsonb
    )
    from forms
  $$,
  'a count is a number, not a text of digits'
);
select is_empty(
  $$
    select pg_temp.passed(
      '{has_acknowledgement}', array_remove(wrong, 'true') || array['1', '"true"']::jsonb[]
    )
    from forms
  $$,
  'a flag is true or false'
);

select * from finish();
rollback;
