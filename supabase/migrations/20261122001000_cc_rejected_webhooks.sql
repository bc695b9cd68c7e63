-- Signed requests that could not be understood: nothing that Twilio signed is thrown away.

create table public.cc_rejected_webhooks (
  id uuid primary key default gen_random_uuid(),
  provider text not null,
  reason text not null constraint reason_is_a_word check (reason ~ '^[a-z][a-z0-9_]{0,39}$'),
  parameters jsonb not null,
  signature text not null,
  created_at timestamptz not null default now(),
  erased_at timestamptz,

  constraint cc_rejected_webhooks_signature_key unique (signature)
);

create index cc_rejected_webhooks_created_at_idx on public.cc_rejected_webhooks (created_at);
create index cc_rejected_webhooks_retention_idx
  on public.cc_rejected_webhooks (created_at) where erased_at is null;

comment on table public.cc_rejected_webhooks is 'Signed requests that could not be understood, whole, with the reason; each once.';
comment on column public.cc_rejected_webhooks.erased_at is 'When its parameters were removed; the signature stays, so that the same request does not come back.';

alter table public.cc_rejected_webhooks enable row level security;
create policy "the api reads nothing here" on public.cc_rejected_webhooks
  for all to anon, authenticated using (false);
revoke all on public.cc_rejected_webhooks from public, anon, authenticated, service_role;
