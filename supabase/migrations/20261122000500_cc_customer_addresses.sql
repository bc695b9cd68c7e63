-- How the provider names a customer: Twilio's `From` as it came, so that one person who writes by
-- phone number and by BSUID can be one customer.

create table public.cc_customer_addresses (
  provider text not null,
  channel text not null,
  address text not null constraint address_is_not_empty check (address <> ''),
  -- Deferred: the address, which decides a race of first messages, is written before its customer.
  customer_id uuid not null references public.cc_customers deferrable initially deferred,
  created_at timestamptz not null default now(),

  primary key (provider, channel, address)
);

create index cc_customer_addresses_customer_id_idx on public.cc_customer_addresses (customer_id);

comment on table public.cc_customer_addresses is 'Each address belongs to exactly one customer.';
comment on column public.cc_customer_addresses.address is 'Twilio''s From as it came: whatsapp:+E164, whatsapp:CC.id (a BSUID), or +E164 for SMS.';

alter table public.cc_customer_addresses enable row level security;
create policy "the api reads nothing here" on public.cc_customer_addresses
  for all to anon, authenticated using (false);
revoke all on public.cc_customer_addresses from public, anon, authenticated, service_role;
