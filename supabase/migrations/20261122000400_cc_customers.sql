-- The person who writes. Opt-out and rate limit belong to the person and outlive a conversation.

create table public.cc_customers (
  id uuid primary key default cc_private.new_id(),
  name text,
  opted_out_at timestamptz,
  opted_in_at timestamptz,
  remaining_messages double precision,
  remaining_messages_at timestamptz,
  rate_limit_notified_at timestamptz,
  tokens_used_on date,
  tokens_used bigint not null default 0,
  merged_into uuid references public.cc_customers,
  erased_at timestamptz,
  emptied_at timestamptz,
  created_at timestamptz not null default now(),

  constraint nobody_is_merged_into_themselves check (merged_into <> id),
  constraint remaining_messages_has_a_time
    check ((remaining_messages is null) = (remaining_messages_at is null)),
  constraint emptied_only_when_erased check (emptied_at is null or erased_at is not null)
);

create index cc_customers_merged_into_idx
  on public.cc_customers (merged_into) where merged_into is not null;

-- An erasure that its caller left half done is finished by the removal job.
create index cc_customers_erasing_idx
  on public.cc_customers (erased_at) where erased_at is not null and emptied_at is null;

-- Each message changes its row: with room in its page, that costs no index anything.
alter table public.cc_customers set (fillfactor = 70);

comment on table public.cc_customers is 'A person who writes to us, known by one or more addresses.';
comment on column public.cc_customers.name is 'The profile name that the person last wrote with.';
comment on column public.cc_customers.opted_out_at is 'Since when the person wants no messages; null means messages are welcome.';
comment on column public.cc_customers.opted_in_at is 'When the person last took an opt-out back: what Twilio refused before that counts no more.';
comment on column public.cc_customers.remaining_messages is 'The token bucket of the rate limit, as it was at remaining_messages_at; null is a full bucket.';
comment on column public.cc_customers.tokens_used is 'The model''s tokens that went into answering this person on the day tokens_used_on (UTC).';
comment on column public.cc_customers.merged_into is 'The customer that this one turned out to be, who is never merged itself: addresses and conversations are there.';
comment on column public.cc_customers.erased_at is 'Since when nothing of the person may come back; the row is an empty shell.';
comment on column public.cc_customers.emptied_at is 'When the last of the person''s messages was emptied.';

alter table public.cc_customers enable row level security;
create policy "the api reads nothing here" on public.cc_customers
  for all to anon, authenticated using (false);
revoke all on public.cc_customers from public, anon, authenticated, service_role;
