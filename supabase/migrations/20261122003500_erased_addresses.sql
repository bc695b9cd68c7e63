-- What must be known of somebody who was erased, so that nothing of them comes back: a keyed hash of
-- each address, and when it was erased. Nobody can read an address from it, and without the key nobody
-- can try them all. The key is in Vault: a copy of the tables is then no copy of the key.

create extension if not exists pgcrypto with schema extensions;

do $$
begin
  if not exists (select from vault.secrets as secret where secret.name = 'erasure_key') then
    perform vault.create_secret(
      encode(extensions.gen_random_bytes(32), 'hex'), 'erasure_key',
      'Keys the hashes of erased addresses. With another key they are recognised no more.'
    );
  end if;
end;
$$;

create table cc_private.erased_addresses (
  address_hash bytea primary key,
  erased_at timestamptz not null,
  opted_out_at timestamptz
);

comment on table cc_private.erased_addresses is 'Addresses that were erased, as HMAC-SHA-256: messages from before then are not taken in.';
comment on column cc_private.erased_addresses.opted_out_at is 'Who wanted no messages still wants none: the wish outlives its customer, until START.';
alter table cc_private.erased_addresses enable row level security;
create policy "the api reads nothing here" on cc_private.erased_addresses
  for all to anon, authenticated using (false);

create table cc_private.dropped_messages (
  provider text not null,
  provider_message_id text not null,
  signature text,
  dropped_at timestamptz not null default clock_timestamp(),

  primary key (provider, provider_message_id)
);

create unique index dropped_messages_signature_idx
  on cc_private.dropped_messages (signature) where signature is not null;

comment on table cc_private.dropped_messages is 'Messages that came after their sender''s erasure and are older: a webhook, which has no time, is known by these.';
alter table cc_private.dropped_messages enable row level security;
create policy "the api reads nothing here" on cc_private.dropped_messages
  for all to anon, authenticated using (false);

create function cc_private.nil_id()
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  return '00000000-0000-0000-0000-000000000000'::uuid;
end;
$$;

comment on function cc_private.nil_id() is 'The id that nothing has.';
revoke all on function cc_private.nil_id() from public, anon, authenticated, service_role;

create function cc_private.address_hash(provider text, channel text, address text)
returns bytea
language sql
stable
set search_path = ''
as $$
  select extensions.hmac(
    convert_to(jsonb_build_array(provider, channel, address)::text, 'UTF8'),
    decode(cc_private.vault_secret('erasure_key'), 'hex'),
    'sha256'
  )
$$;

comment on function cc_private.address_hash(text, text, text) is 'HMAC-SHA-256 of an address; raises SB002 without the key.';
revoke all on function cc_private.address_hash(text, text, text) from public, anon, authenticated, service_role;

create function cc_private.known_erasure(provider text, channel text, addresses text[])
returns cc_private.erased_addresses
language plpgsql
volatile
set search_path = ''
as $$
declare
  known cc_private.erased_addresses;
begin
  -- While nobody was ever erased, this is all that a message pays.
  if not exists (select from cc_private.erased_addresses) then
    return null;
  end if;
  select erased.* into known
  from cc_private.erased_addresses as erased
  where erased.address_hash in (
    select cc_private.address_hash(known_erasure.provider, known_erasure.channel, given.address)
    from unnest(addresses) as given (address)
  )
  order by erased.erased_at desc
  limit 1;
  return known;
exception when others then
  -- A key that is lost must not cost a message; the operator hears of it.
  perform cc_private.report_sweep_error('know_erased_addresses', null, sqlstate);
  return null;
end;
$$;

comment on function cc_private.known_erasure(text, text, text[]) is 'The newest erasure of one of these addresses; null where none was erased. Never raises.';
revoke all on function cc_private.known_erasure(text, text, text[]) from public, anon, authenticated, service_role;

create function cc_private.kept_opt_out(provider text, channel text, addresses text[])
returns timestamptz
language sql
volatile
set search_path = ''
as $$
  select (cc_private.known_erasure(provider, channel, addresses)).opted_out_at
$$;

comment on function cc_private.kept_opt_out(text, text, text[]) is 'Since when the person behind an erased address wants no messages; a new customer begins with it.';
revoke all on function cc_private.kept_opt_out(text, text, text[]) from public, anon, authenticated, service_role;

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
      error_code => 'sender_erased'
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

comment on function cc_private.is_older_than_erasure(text, text, text[], timestamptz, text, text) is 'Whether a message must not be taken in, since its sender was erased after it was written, and it is remembered then; without a time, whether it was dropped before.';
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
