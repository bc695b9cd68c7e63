-- A message of a customer comes in, as a webhook or the sync brings it; and what another system sent them.

begin;

create function tests.conversation(customer_address text default tests.customer())
returns uuid language sql stable
as $$
  select active.id
  from public.cc_customer_addresses as known
  join public.cc_conversations as active on active.customer_id = known.customer_id
  where known.address = conversation.customer_address and active.status = 'active'
$$;

-- The customer with this address; null where nobody has it.
create function tests.customer_of(address text)
returns uuid language sql stable
as $$
  select known.customer_id
  from public.cc_customer_addresses as known
  where known.address = customer_of.address
$$;

-- The message with this id of Twilio's.
create function tests.message(sid text)
returns public.cc_messages language sql stable
as $$
  select found from public.cc_messages as found where found.provider_message_id = message.sid
$$;

-- The message that a call has just stored.
create function tests.stored_message(id uuid)
returns public.cc_messages language plpgsql volatile
as $$
declare
  message public.cc_messages;
begin
  select found.* into strict message from public.cc_messages as found where found.id = stored_message.id;
  return message;
end;
$$;

create function tests.receive(
  body text default 'Hello',
  sid text default tests.next_sid(),
  customer_address text default tests.customer(),
  business text default tests.business(),
  signature text default null,
  name text default null,
  channel text default 'whatsapp',
  inbound_at timestamptz default null
)
returns public.cc_messages language plpgsql volatile
as $$
begin
  return tests.stored_message((select message_id from public.ingest_inbound_message(
    provider_message_id => sid,
    from_address => customer_address,
    to_address => business,
    body_text => body,
    body_json => '{"kind": "text", "media": []}',
    customer_name => name,
    channel => receive.channel,
    signature => receive.signature,
    inbound_at => receive.inbound_at
  )));
end;
$$;

-- A message of somebody who is known by further addresses too, with these parameters.
create function tests.receive_as(
  customer_address text,
  other_addresses text[] default '{}',
  body text default 'Hello',
  parameters jsonb default '{}',
  sid text default tests.next_sid(),
  name text default null
)
returns public.cc_messages language plpgsql volatile
as $$
begin
  return tests.stored_message((select message_id from public.ingest_inbound_message(
    provider_message_id => sid,
    from_address => customer_address,
    to_address => tests.business(),
    body_text => body,
    body_json => jsonb_build_object('kind', 'text', 'media', '[]'::jsonb, 'parameters', parameters),
    customer_name => name,
    other_addresses => receive_as.other_addresses
  )));
end;
$$;

-- A message that the sync found, written so long ago.
create function tests.recover(
  body text default 'Hello',
  ago interval default '5 minutes',
  sid text default tests.next_sid(),
  is_answered boolean default false,
  business text default tests.business(),
  channel text default 'whatsapp'
)
returns public.cc_messages language plpgsql volatile
as $$
begin
  return tests.stored_message((select message_id from public.ingest_inbound_message(
    provider_message_id => sid,
    from_address => tests.customer(),
    to_address => business,
    body_text => body,
    body_json => jsonb_build_object(
      'kind', 'text', 'media', '[]'::jsonb, 'answered_elsewhere', is_answered
    ),
    channel => recover.channel,
    inbound_at => clock_timestamp() - ago,
    is_recovered => true
  )));
end;
$$;

-- What another system sent to the customer, so long ago; gives the outcome.
create function tests.take_over(
  sid text default tests.next_sid(),
  body text default 'Until six.',
  ago interval default '1 minute'
)
returns text language sql volatile
as $$
  select public.take_over_message(
    sid, tests.business(), tests.customer(), body, '{"kind": "taken_over"}',
    clock_timestamp() - ago, 'delivered'
  ) ->> 'outcome'
$$;

select plan(1);
select has_function('tests'::name, 'conversation'::name);
select * from finish();
commit;
