-- One thread per customer and channel. Its row is the lock under which everything in it happens:
-- order of messages, turns, sending and audit.

create table public.cc_conversations (
  id uuid primary key default cc_private.new_id(),
  customer_id uuid not null references public.cc_customers,
  channel text not null constraint channel_is_valid check (channel in ('whatsapp', 'sms')),
  provider text not null constraint provider_is_valid check (provider in ('twilio')),
  provider_conversation_id text not null,
  business_address text not null,
  status text not null default 'active'
    constraint status_is_valid check (status in ('active', 'closed')),
  handler text not null default 'agent'
    constraint handler_is_valid check (handler in ('agent', 'human')),
  last_inbound_at timestamptz,
  last_seq bigint not null default 0,
  person_awaited_since timestamptz,
  -- The shortest time after which a conversation may be idle.
  idle_check_at timestamptz not null default now() + interval '1 hour',
  summary text,
  summary_seq bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- The rule "one active conversation" itself; `on conflict` repeats this predicate.
create unique index cc_conversations_active_idx
  on public.cc_conversations (customer_id, channel) where status = 'active';

-- The one before, whose last words the agent is given.
create index cc_conversations_customer_idx
  on public.cc_conversations (customer_id, channel, created_at);

create index cc_conversations_person_idx
  on public.cc_conversations (person_awaited_since) where handler = 'human';

-- Not over the time of the last message: each message would then pay for this index.
create index cc_conversations_idle_check_idx
  on public.cc_conversations (idle_check_at) where status = 'active';

-- Each message changes its row: with room in its page, that costs no index anything.
alter table public.cc_conversations set (fillfactor = 70);

comment on table public.cc_conversations is 'One thread per customer and channel, of which at most one is active.';
comment on column public.cc_conversations.provider_conversation_id is 'The customer''s address last written from: replies go there.';
comment on column public.cc_conversations.business_address is 'Our address last written to: replies leave from it.';
comment on column public.cc_conversations.handler is 'Who answers: the agent, or a person who took over.';
comment on column public.cc_conversations.person_awaited_since is 'While a person handles: their last act, or the first message since then.';
comment on column public.cc_conversations.idle_check_at is 'When to look next whether it is idle; it may have been written in since.';
comment on column public.cc_conversations.last_inbound_at is 'Twilio''s time of the customer''s last message: the 24 h window starts here.';
comment on column public.cc_conversations.last_seq is 'The seq of the newest message.';
comment on column public.cc_conversations.summary is 'What was said up to summary_seq, in a model''s words: what the agent is given in place of those messages.';
comment on column public.cc_conversations.summary_seq is 'The seq of the last message that the summary covers; 0 without one.';

alter table public.cc_conversations enable row level security;
create policy "the api reads nothing here" on public.cc_conversations
  for all to anon, authenticated using (false);
revoke all on public.cc_conversations from public, anon, authenticated, service_role;
