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
