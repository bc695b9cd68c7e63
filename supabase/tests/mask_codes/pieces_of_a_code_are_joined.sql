begin;
select plan(10);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create function pg_temp.write(piece text) returns setof public.cc_messages language plpgsql
as $$
declare
  stored_id uuid := (public.ingest_inbound_message(
    tests.next_sid(), tests.customer(), tests.business(), piece,
    jsonb_build_object('kind', 'text', 'media', '[]'::jsonb, 'parameters', jsonb_build_object(
      'Body', jsonb_build_array(piece), 'NumMedia', jsonb_build_array('0')
    ))
  )).message_id;
begin
  return query select message.* from public.cc_messages as message where message.id = stored_id;
end;
$$;
create temp table first as select message.* from asked, pg_temp.write(left(code, 4) || '…') as message;

-- TEST
select is((select body_text from first), '[code: part]', 'what may be a part is masked at once');
select is(
  (select body_json from first),
  '{"kind": "text", "media": [], "parameters": {"Body": ["[code: part]"], "NumMedia": ["0"]},
    "code": {"verdict": "part", "wrong_count": 0, "in_parts": true}}',
  'so is its payload, which keeps nothing of it'
);
select ok(not tests.is_verified(), 'and verifies nobody');
select ok(
  not exists (
    select from public.cc_verifications as verification, asked
    where position(convert_to(left(code, 4), 'UTF8') in verification.parts) > 0
  ),
  'it is kept where nobody reads it'
);
create temp table last as select message.* from asked, pg_temp.write(right(code, 2)) as message;
select is((select body_text from last), '[code: correct]', 'with the rest it is the code');
select ok(tests.is_verified(), 'which verifies');
select is((select parts from public.cc_verifications), null, 'and is kept no more');
select is(
  (select array_agg(message ->> 'text') from jsonb_array_elements(tests.claim() -> 'messages') as message),
  '{[code: part],[code: correct]}', 'no agent sees a digit'
);
select is_empty(
  $$
    select entry.body from net.http_request_queue as entry, asked
    where convert_from(entry.body, 'UTF8')::jsonb ->> 'message' ~ (left(code, 4) || '|' || right(code, 2))
  $$,
  'no ring has one'
);
update public.cc_messages as message
set body_text = right(asked.code, 2), body_json = jsonb_build_object('kind', 'text', 'parameters', jsonb_build_object(
  'Body', jsonb_build_array(right(asked.code, 2))
))
from asked, last
where message.id = last.id;
select ok(
  (
    select (message.body_text, message.body_json)::text !~ right(code, 2)
    from public.cc_messages as message join last using (id), asked
  ),
  'and a webhook that brings its words once more finds them masked'
);

select * from finish();
rollback;
