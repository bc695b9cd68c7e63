-- A message that comes after its customer was erased, and is older: it is not taken in, whoever brings it and
-- however often.

create table cc_private.dropped_messages (
  provider text not null,
  provider_message_id text not null,
  signature text,
  dropped_at timestamptz not null default clock_timestamp(),

  primary key (provider, provider_message_id)
);

create unique index dropped_messages_signature_idx
  on cc_private.dropped_messages (signature) where signature is not null;

comment on table cc_private.dropped_messages is 'Messages that came after their customer''s erasure and are older: a webhook, which has no time, is known by these.';
alter table cc_private.dropped_messages enable row level security;
create policy "the api reads nothing here" on cc_private.dropped_messages
  for all to anon, authenticated using (false);

create function cc_private.drop_message(provider text, provider_message_id text, signature text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into cc_private.dropped_messages (provider, provider_message_id, signature)
  values (drop_message.provider, drop_message.provider_message_id, drop_message.signature)
  on conflict do nothing;
  if found then
    perform cc_private.append_audit(null, cc_private.audit_event(
      'webhook_processing_failed', 'provider',
      input => jsonb_build_object(
        'provider', drop_message.provider, 'message_sid', drop_message.provider_message_id
      ),
      error_code => 'customer_erased'
    ));
  end if;
end;
$$;

comment on function cc_private.drop_message(text, text, text) is 'Remembers a message that is not taken in, and records that once.';
revoke all on function cc_private.drop_message(text, text, text) from public, anon, authenticated, service_role;

create function cc_private.is_older_than_erasure(
  provider text,
  channel text,
  addresses text[],
  inbound_at timestamptz,
  provider_message_id text,
  signature text
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  erasure cc_private.erased_addresses;
begin
  if exists (
    select
    from cc_private.dropped_messages as dropped
    where dropped.provider = is_older_than_erasure.provider
      and dropped.provider_message_id = is_older_than_erasure.provider_message_id
  ) then
    return true;
  elsif inbound_at is null then
    return false;
  end if;

  -- Twilio's times have whole seconds: what may be newer is taken in.
  erasure := cc_private.known_erasure(provider, channel, addresses);
  if erasure.erased_at is null or inbound_at >= date_trunc('second', erasure.erased_at) then
    return false;
  end if;
  perform cc_private.drop_message(provider, provider_message_id, signature);
  return true;
end;
$$;

comment on function cc_private.is_older_than_erasure(text, text, text[], timestamptz, text, text) is 'Whether a message must not be taken in, since its customer was erased after it was written, and it is remembered then; without a time, whether it was dropped before.';
revoke all on function cc_private.is_older_than_erasure(text, text, text[], timestamptz, text, text) from public, anon, authenticated, service_role;

create function cc_private.find_or_make_living_customer(
  provider text,
  channel text,
  addresses text[],
  name text,
  inbound_at timestamptz
)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  customer_id uuid;
begin
  customer_id := cc_private.find_or_make_customer(provider, channel, addresses, name);
  if inbound_at < date_trunc(
    'second', (cc_private.known_erasure(provider, channel, addresses)).erased_at
  ) then
    raise exception using errcode = 'SB000';
  end if;
  return customer_id;
exception when sqlstate 'SB000' then
  return null; -- Leaving the block so takes back the customer that was made.
end;
$$;

comment on function cc_private.find_or_make_living_customer(text, text, text[], text, timestamptz) is 'The customer with these addresses, as find_or_make_customer; null, and nothing made, where they were erased while the message, which is older, waited for them.';
revoke all on function cc_private.find_or_make_living_customer(text, text, text[], text, timestamptz) from public, anon, authenticated, service_role;
