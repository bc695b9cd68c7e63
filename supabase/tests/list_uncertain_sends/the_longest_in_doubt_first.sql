begin;
select plan(2);

-- SETUP
insert into public.cc_messages (
  conversation_id, seq, direction, provider, from_address, to_address, body_text,
  send_state, send_attempt, send_lease_until
)
select (tests.receive('Hello', customer_address => customer_address)).conversation_id, 100, 'outbound', 'twilio',
  tests.business(), customer_address, 'Hi', 'uncertain', 1, now() - ago
from (values
  ('whatsapp:+15005550111', interval '1 minute'),
  ('whatsapp:+15005550112', interval '3 minutes'),
  ('whatsapp:+15005550113', interval '2 minutes')
) as doubt (customer_address, ago);
create function pg_temp.addresses(maximum integer) returns text[] language sql
as $$
  select array_agg(message ->> 'to_address' order by number)
  from jsonb_array_elements(public.list_uncertain_sends(maximum) -> 'messages')
    with ordinality as listed (message, number)
$$;

-- TEST
select is(
  pg_temp.addresses(100),
  '{whatsapp:+15005550112, whatsapp:+15005550113, whatsapp:+15005550111}', 'in the order of their leases'
);
select is(
  pg_temp.addresses(2), '{whatsapp:+15005550112, whatsapp:+15005550113}', 'as many as were asked for'
);

select * from finish();
rollback;
