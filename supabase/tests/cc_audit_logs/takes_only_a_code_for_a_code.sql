begin;
select plan(4);

-- SETUP
create temp table said as
select number, code
from unnest(array[
  'model_down', '63016', 'SB002', 'http_500', repeat('a', 60),
  'Refused: Hello', 'whatsapp:+15005550199', '', repeat('a', 61), E'model_down\n', 'model-down'
]) with ordinality as caller (code, number);
select cc_private.append_audit(
  null, cc_private.audit_event(
    'turn_failed', input => jsonb_build_object('seq', 1000000 + number), error_code => code
  )
)
from said order by number;
create temp table recorded as
select (input_redacted ->> 'seq')::integer - 1000000 as number, error_code, success
from public.cc_audit_logs
where (input_redacted ->> 'seq')::integer > 1000000;

-- TEST
select is_empty(
  'select code, error_code from said join recorded using (number) where number <= 5 and error_code <> code',
  'codes of ours and of others pass'
);
select is_empty(
  $$
    select code, error_code from said join recorded using (number)
    where number > 5 and error_code <> 'unprintable_code'
  $$,
  'what may be a customer''s words does not'
);
select is((select count(*) from recorded where success), 0::bigint, 'but that it failed does');
select is((select count(*) from recorded), 11::bigint, 'every time');

select * from finish();
rollback;
